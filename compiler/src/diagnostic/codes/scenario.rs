//! Tests, fixtures and proofs.

use crate::diagnostic::text::{listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Typed, VerbId};

/// A test that does not say which job it runs.
#[derive(Debug)]
pub(crate) struct TestWithoutJob {
    /// Its name.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for TestWithoutJob {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let jobs: Vec<&str> = typed.jobs.iter().map(|job| job.name.as_str()).collect();
        let help = match jobs.as_slice() {
            [] => "declare a job, and write `job NAME` in the test".to_owned(),
            [only] => format!("write `job {only}` in the test, or begin with a fixture that says it"),
            jobs => format!("write `job NAME` in the test, one of {}", listing(jobs, "or")),
        };
        Self::CODE
            .says(format!("the test `{}` does not say which job it runs", self.name))
            .at(self.loc, "neither it nor its fixture names a job")
            .help(help)
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// Setup after the first event.
#[derive(Debug)]
pub(crate) struct SetupTooLate {
    /// `input`, `at`.
    pub(crate) what: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for SetupTooLate {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let help = match self.what {
            "at" => "move it before the first step, or write `after 10m`",
            _ => "move it before the first step",
        };
        Self::CODE
            .says(format!("`{}` comes after the run has begun", self.what))
            .at(self.loc, "the run has begun")
            .help(help)
    }
}

/// A job's input or environment that a test leaves out.
#[derive(Debug)]
pub(crate) struct MissingValues {
    /// `input`, `environment`.
    pub(crate) what: &'static str,
    /// The test.
    pub(crate) test: String,
    /// What is left out.
    pub(crate) names: Vec<String>,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for MissingValues {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let list = listing(&self.names, "and");
        let values: Vec<String> = self.names.iter().map(|name| format!("{name}: …")).collect();
        Self::CODE
            .says(format!("the test `{}` does not give the {} {list}", self.test, self.what))
            .at(self.loc, "a run of the job could not begin")
            .help(format!("add `{} {{ {} }}` to the test or its fixture", self.what, values.join(", ")))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// An outcome that the step cannot have.
#[derive(Debug)]
pub(crate) struct WrongOutcome {
    /// As written.
    pub(crate) outcome: String,
    /// `call`, `end`.
    pub(crate) step: &'static str,
    /// The outcomes that the step can have.
    pub(crate) outcomes: &'static [&'static str],
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for WrongOutcome {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let nearest = crate::diagnostic::suggest::did_you_mean(&self.outcome, self.outcomes.iter().copied());
        let all = match self.outcomes {
            [] => format!("remove `expect`; nothing answers `{}`", self.step),
            outcomes => format!("expect {}", listing(outcomes, "or")),
        };
        Self::CODE
            .says(format!("`{}` is never answered to `{}`", self.outcome, self.step))
            .at(self.loc, "the step cannot have this outcome")
            .help(nearest.unwrap_or(all))
    }
}

/// An expectation or an outcome that the step cannot have.
#[derive(Debug)]
pub(crate) struct NothingToReturn {
    /// The verb.
    pub(crate) verb: VerbId,
    /// `returns`, `showing`.
    pub(crate) clause: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NothingToReturn {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        Self::CODE
            .says(format!("`{verb}` declares no result, so `{}` cannot be checked", self.clause))
            .at(self.loc, "a result of no type")
            .help(format!("declare what `{verb}` answers, `-> TYPE`, or remove `{}`", self.clause))
    }
}

/// `showing` after something that is no call.
#[derive(Debug)]
pub(crate) struct ShowingOfNoCall {
    /// The step.
    pub(crate) step: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for ShowingOfNoCall {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("only a call has a result to show, and this is `{}`", self.step))
            .at(self.loc, "shows nothing")
            .help("remove `showing`, or move it to the call")
    }
}

/// `given` of a record that is never asked for.
#[derive(Debug)]
pub(crate) struct GivenUnfetched {
    /// The record.
    pub(crate) record: String,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for GivenUnfetched {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let record = &self.record;
        Self::CODE
            .says(format!("nothing fetches the record `{record}`, so a test cannot give it"))
            .at(self.loc, "never asked for")
            .help(format!("add `fetch {record} …` to its source, or let a call return it with `returns`"))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// A bound on lists that is out of range.
#[derive(Debug)]
pub(crate) struct BadListBound {
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for BadListBound {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says("the bound on lists is out of range")
            .at(self.loc, "not a length that can be tried")
            .help("write a number from 1 to 64")
    }
}

/// `limit G holds` of something that is no limit.
#[derive(Debug)]
pub(crate) struct NotALimit {
    /// The name.
    pub(crate) name: String,
    /// Where it is named.
    pub(crate) loc: Loc,
    /// The rule of that name.
    pub(crate) rule: Loc,
}

impl Problem for NotALimit {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the rule `{}` is no limit", self.name))
            .at(self.loc, "promises no bound")
            .at(self.rule, "this rule")
            .help("name a limit of the job")
    }
}
