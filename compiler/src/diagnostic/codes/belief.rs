//! What is believed without a reason: old readings, and text of outsiders.

use crate::diagnostic::text::{headline, snippet, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{ArgId, JobId, Loc, RecordId, Typed, VerbId};

/// A record whose readings never grow old.
#[derive(Debug)]
pub(crate) struct NoFreshness {
    /// The record.
    pub(crate) record: RecordId,
    /// Its `fetch`.
    pub(crate) loc: Loc,
}

impl Problem for NoFreshness {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = typed.records.get(self.record.0 as usize).map_or("", |record| record.name.as_str());
        Self::CODE
            .says(format!("a reading of `{name}` never grows old: nothing says how fresh it must be"))
            .at(headline(self.loc, typed), "no `fresh for`")
            .note("a run may last for days, and would decide by what the system said at its start")
            .help(format!(
                "write `fresh {name} for 15m` in the source, or another time that fits, or `fresh for 15m` for all its records"
            ))
    }
}

/// A write that outsiders can talk the agent into.
#[derive(Debug)]
pub(crate) struct OutsidersReach {
    /// The job.
    pub(crate) job: JobId,
    /// The write.
    pub(crate) verb: VerbId,
    /// The `allow`.
    pub(crate) rule: Loc,
    /// Where such text enters.
    pub(crate) entrance: Loc,
}

impl Problem for OutsidersReach {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let job = typed.jobs.get(self.job.index()).map_or("", |job| job.name.as_str());
        Self::CODE
            .says(format!("the job `{job}` reads text of outsiders, and nothing keeps what they write from `{verb}`"))
            .at(headline(self.rule, typed), "allowed on the agent's word alone")
            .at(self.entrance, "text of outsiders enters here")
            .note("such text can carry instructions, and every argument of the call may come from it")
            .help(format!("add a condition on a record, the input or the user, or `gate NAME on {verb} when run saw untrusted {{ approvers role NAME; show arguments }}`"))
    }
}

/// An argument of a write that outsiders choose.
#[derive(Debug)]
pub(crate) struct OutsidersChoose {
    /// The write.
    pub(crate) verb: VerbId,
    /// The argument.
    pub(crate) arg: ArgId,
    /// The `allow`.
    pub(crate) rule: Loc,
    /// Where it is compared with what they wrote.
    pub(crate) loc: Loc,
}

impl Problem for OutsidersChoose {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let arg = typed.args.get(self.arg.index()).map_or("", |slot| slot.name.as_str());
        let says = format!(
            "outsiders choose `{arg}` of `{verb}`: only `{}` says which, and it rests on what they write",
            snippet(self.loc, typed)
        );
        let diagnostic = Self::CODE.says(says).at(self.loc, "rests on what outsiders write");
        let diagnostic = if self.rule.span.start <= self.loc.span.start
            && self.loc.span.end <= self.rule.span.end
            && self.rule.file == self.loc.file
        {
            diagnostic
        } else {
            diagnostic.at(headline(self.rule, typed), "allows the call")
        };
        diagnostic
            .note(format!("whoever writes that text writes the `{arg}` too, and the agent passes it on"))
            .help(format!("compare `{arg}` with a record that outsiders do not write, the input or the user as well, or let a person see it: `gate NAME on {verb} {{ approvers role NAME; show arguments }}`"))
    }
}
