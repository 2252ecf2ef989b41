//! Decides the proofs that a policy asks for: for all inputs, or with a run that shows the contrary and that the runtime has confirmed.
//!
//! Each statement becomes one formula for each verb it speaks of: "a call of this verb does what must not be". Where that is unsatisfiable
//! whatever happened before, the statement holds. Else a run is built from the model, with no or a few earlier calls, and sent through the
//! runtime; only a run that the runtime confirms refutes. What is neither is undecided, and names the expression that stood in the way.

mod as_test;
pub(crate) mod confirm;
pub(crate) mod obligation;
mod people;
pub(crate) mod refine;
mod rehearse;
mod shown;
mod smtlib;
pub(crate) mod told;
pub(crate) mod witness;

pub(crate) use confirm::Played;
pub use confirm::{WATCH, watched};
pub(crate) use shown::Stage;
pub use smtlib::{Script, scripts};

use crate::diagnostic::Sink;
use crate::diagnostic::codes::{Refuted, Undecided};
use crate::diagnostic::text::{snippet, verb_name};
use crate::logic::{Answer, Budget, Formula, History, Model, PastCall, Setting, Space, Translator, Uses};
use crate::typed::{JobId, Loc, Property, Typed, VerbId};
use agentc_runtime::event::Event;
use agentc_runtime::library::Library;
use obligation::Obligation;

/// The most earlier calls that a run is built with.
pub const MOST_CALLS: usize = 3;

/// The most sequences of earlier calls that are tried.
const MOST_SEQUENCES: usize = 60;

/// What became of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It holds for every run.
    Holds {
        /// Only as far as lists have at most so many members.
        lists_up_to: Option<u32>,
    },
    /// This run shows that it does not.
    Refuted(Box<Counterexample>),
    /// Neither could be shown within the budget.
    Undecided(Obstacle),
}

impl Verdict {
    /// Its name in data.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Holds { .. } => "holds",
            Self::Refuted(_) => "refuted",
            Self::Undecided(_) => "undecided",
        }
    }
}

/// A statement of a proof, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Proved {
    /// Index into [`Typed::proofs`].
    pub proof: u32,
    /// Index into its statements.
    pub statement: u32,
    /// The proof's name.
    pub name: String,
    /// The statement as it is written, shortened.
    pub says: String,
    /// The job it speaks of.
    pub job: JobId,
    /// Where the statement stands.
    pub loc: Loc,
    /// What became of it.
    pub verdict: Verdict,
}

/// A run that shows that a statement does not hold. The runtime gave these answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterexample {
    /// The verb of the last call.
    pub verb: VerbId,
    /// The events, the first of which opens the run.
    pub events: Vec<Event>,
    /// What the runtime answered to each.
    pub answers: Vec<String>,
    /// The run in the policy's own words, a line each.
    pub told: Vec<String>,
    /// The same as a `test` block, a line each, that ends as the run did; `None` where a test has no words for it.
    pub test: Option<Vec<String>>,
    /// What became of the last call: `allow`, `deny`, ….
    pub outcome: &'static str,
    /// The rule that decided it.
    pub by: String,
}

/// What stood in the way of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The expression.
    pub loc: Loc,
    /// Why it is in the way.
    pub why: Hindrance,
}

/// Why an expression is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// It is of a kind that is not decided exactly.
    Expression,
    /// It depends on earlier calls, and neither all of them could be ruled out nor a run with a few be found.
    History,
    /// The work was too much.
    Budget,
    /// A run was found that the runtime does not confirm.
    Unconfirmed,
}

/// Decides every statement of every proof.
#[must_use]
pub fn prove(typed: &Typed, library: &Library) -> Vec<Proved> {
    let of_rules = Uses::of_rules(typed);
    let mut proved = Vec::new();
    for (proof, asked) in (0_u32..).zip(&typed.proofs) {
        for (statement, property) in (0_u32..).zip(&asked.statements) {
            let mut uses = of_rules.clone();
            uses.add_statement(typed, property);
            // A proof of several statements, or of several jobs, may be refuted more than once.
            let number = if asked.statements.len() > 1 { format!(" ({})", statement.saturating_add(1)) } else { String::new() };
            let name = format!("{}{number}", asked.name);
            let prover = Prover { typed, library, uses: &uses, property, name: &name, lists_up_to: asked.lists_up_to };
            proved.push(Proved {
                proof,
                statement,
                name: asked.name.clone(),
                says: snippet(property.loc, typed),
                job: property.job,
                loc: property.loc,
                verdict: prover.decide(),
            });
        }
    }
    proved
}

/// Refuted and undecided statements are errors.
pub(crate) fn report(typed: &Typed, proved: &[Proved], sink: &mut Sink) {
    for one in proved {
        match &one.verdict {
            Verdict::Holds { .. } => {}
            Verdict::Refuted(found) => {
                let rules = typed.jobs.get(one.job.index()).map_or(&[][..], |job| job.rules.as_slice());
                let by = rules.iter().find(|rule| rule.name == found.by).map(|rule| (rule.name.clone(), rule.loc));
                sink.report(Refuted {
                    proof: one.name.clone(),
                    loc: one.loc,
                    verb: verb_name(found.verb, typed),
                    outcome: found.outcome,
                    by,
                    told: found.told.clone(),
                    test: found.test.clone(),
                });
            }
            Verdict::Undecided(obstacle) => {
                sink.report(Undecided { proof: one.name.clone(), loc: one.loc, obstacle: obstacle.loc, why: obstacle.why });
            }
        }
    }
}

/// One statement being decided.
#[derive(Clone, Copy)]
struct Prover<'a> {
    typed: &'a Typed,
    library: &'a Library,
    uses: &'a Uses,
    property: &'a Property,
    /// The proof's name, and which of its statements it is.
    name: &'a str,
    lists_up_to: Option<u32>,
}

impl<'a> Prover<'a> {
    fn decide(self) -> Verdict {
        let mut undecided = None;
        for verb in obligation::verbs(self.typed, self.property) {
            match self.decide_verb(verb) {
                Verdict::Holds { .. } => {}
                Verdict::Refuted(found) => return Verdict::Refuted(found),
                Verdict::Undecided(obstacle) => undecided = undecided.or(Some(obstacle)),
            }
        }
        match undecided {
            Some(obstacle) => Verdict::Undecided(obstacle),
            None => Verdict::Holds { lists_up_to: self.lists_up_to },
        }
    }

    fn decide_verb(self, verb: VerbId) -> Verdict {
        let mut budget = Budget::default();
        let obstacle = match self.attempt(verb, &[], false, &mut budget) {
            Attempt::Never => return Verdict::Holds { lists_up_to: self.lists_up_to },
            Attempt::Obstacle(obstacle) => obstacle,
            Attempt::Confirmed(found) => return Verdict::Refuted(found),
        };
        for sequence in self.sequences(verb) {
            let mut budget = Budget::new(60_000);
            if let Attempt::Confirmed(found) = self.attempt(verb, &sequence, true, &mut budget) {
                return Verdict::Refuted(found);
            }
        }
        Verdict::Undecided(obstacle)
    }

    /// Looks for a call that does what must not be: after any history, or after exactly these calls.
    fn attempt(self, verb: VerbId, earlier: &[VerbId], exactly: bool, budget: &mut Budget) -> Attempt {
        let mut space = Space::new();
        let calls: Vec<PastCall> = (1_u32..).zip(earlier).map(|(call, verb)| PastCall { verb: *verb, call }).collect();
        let history = if exactly { History::Calls(calls.clone()) } else { History::Open };
        let setting = Setting { history, lists_up_to: self.lists_up_to, ..Setting::default() };
        let mut translator = Translator::new(&mut space, self.typed, self.property.job, self.uses, setting);
        let Some(obligation) = Obligation::new(&mut translator, self.property, verb) else { return Attempt::Never };
        let mut wanted = vec![obligation.violated];
        if exactly {
            wanted.push(obligation::history_is_possible(&mut translator, &calls));
        }
        let formula = translator.space.all(wanted);
        let unconfirmed = Obstacle { loc: obligation.loc, why: Hindrance::Unconfirmed };
        for _ in 0..refine::ROUNDS {
            match translator.space.satisfiable(formula, budget) {
                Answer::Never => return Attempt::Never,
                Answer::TooHard => return Attempt::Obstacle(Obstacle { loc: obligation.loc, why: Hindrance::Budget }),
                Answer::Model(model) => {
                    match refine::refine(&mut translator, &model) {
                        refine::Refined::Exact => {}
                        refine::Refined::Tightened => continue,
                        refine::Refined::Guesses(guesses) => {
                            // What follows from a guess proves nothing.
                            let obstacle = self.obstacle(&translator, &model, &obligation);
                            if exactly {
                                let found = self.guess(&mut translator, formula, &guesses, &obligation, verb, &calls, budget);
                                return found.map_or(Attempt::Obstacle(obstacle), |found| Attempt::Confirmed(Box::new(found)));
                            }
                            return Attempt::Obstacle(obstacle);
                        }
                    }
                    if !exactly {
                        return Attempt::Obstacle(self.obstacle(&translator, &model, &obligation));
                    }
                    return match self.confirm(&mut translator, &model, &obligation, verb, &calls) {
                        Some(found) => Attempt::Confirmed(Box::new(found)),
                        None => Attempt::Obstacle(unconfirmed),
                    };
                }
            }
        }
        Attempt::Obstacle(unconfirmed)
    }

    /// Tries arguments for which computed values come out as wanted.
    #[expect(clippy::too_many_arguments, reason = "the parts of one attempt")]
    fn guess(
        self,
        translator: &mut Translator<'_>,
        formula: Formula,
        guesses: &[Formula],
        obligation: &Obligation,
        verb: VerbId,
        calls: &[PastCall],
        budget: &mut Budget,
    ) -> Option<Counterexample> {
        for guess in guesses {
            let guessed = translator.space.both(formula, *guess);
            for _ in 0..refine::ROUNDS {
                let Answer::Model(model) = translator.space.satisfiable(guessed, budget) else { break };
                match refine::refine(translator, &model) {
                    refine::Refined::Exact => match self.confirm(translator, &model, obligation, verb, calls) {
                        Some(found) => return Some(found),
                        None => break,
                    },
                    refine::Refined::Tightened => {}
                    // One more guess within this one: another value that must come out as wanted.
                    refine::Refined::Guesses(inner) => {
                        for inner in inner.iter().take(4) {
                            let both = translator.space.both(guessed, *inner);
                            if let Answer::Model(model) = translator.space.satisfiable(both, budget)
                                && let Some(found) = self.confirm(translator, &model, obligation, verb, calls)
                            {
                                return Some(found);
                            }
                        }
                    }
                }
            }
        }
        None
    }

    /// The expression that a model without a confirmed run depends on.
    fn obstacle(self, translator: &Translator<'_>, model: &Model, obligation: &Obligation) -> Obstacle {
        // What the statement itself says is nearer to its author than what some rule says.
        let of_the_statement = |loc: &Loc| {
            let (inner, outer) = (loc.span, self.property.loc.span);
            loc.file == self.property.loc.file && outer.start <= inner.start && inner.end <= outer.end
        };
        let loose = model.loose_expressions(translator.space).filter(of_the_statement).min();
        if let Some(loc) = loose.or_else(|| model.loose(translator.space)) {
            return Obstacle { loc, why: Hindrance::Expression };
        }
        if let Some(loc) = obligation::history_in_the_way(self.typed, self.property) {
            return Obstacle { loc, why: Hindrance::History };
        }
        Obstacle { loc: obligation.loc, why: Hindrance::Unconfirmed }
    }

    fn confirm(
        self,
        translator: &mut Translator<'_>,
        model: &Model,
        obligation: &Obligation,
        verb: VerbId,
        calls: &[PastCall],
    ) -> Option<Counterexample> {
        let run = witness::Scene::new(translator, model, verb, calls);
        confirm::confirm(self.typed, self.library, (self.name, self.property), obligation, &run)
    }

    /// Earlier calls worth trying: none, then those of the verbs that history and counters speak of.
    fn sequences(self, verb: VerbId) -> Vec<Vec<VerbId>> {
        let verbs = obligation::verbs_of_history(self.typed, self.property, verb);
        let mut found: Vec<Vec<VerbId>> = vec![Vec::new()];
        let mut longest: Vec<Vec<VerbId>> = found.clone();
        for _ in 0..MOST_CALLS {
            let mut longer = Vec::new();
            for sequence in &longest {
                for verb in &verbs {
                    let mut sequence = sequence.clone();
                    sequence.push(*verb);
                    longer.push(sequence);
                }
            }
            found.extend(longer.iter().cloned());
            longest = longer;
            if found.len() >= MOST_SEQUENCES {
                break;
            }
        }
        found.truncate(MOST_SEQUENCES);
        found
    }
}

/// What an attempt gave.
enum Attempt {
    /// There is no such call.
    Never,
    /// There is, and the runtime confirms it.
    Confirmed(Box<Counterexample>),
    /// It could not be said.
    Obstacle(Obstacle),
}
