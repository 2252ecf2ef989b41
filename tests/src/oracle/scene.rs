//! What the world looks like at one event: the facts that expressions ask for, each found in the log.

use super::decode::{Strictness, value};
use super::json::Json;
use super::number::Number;
use super::unknown::{Cause, Chosen, Known, RecordKey, because};
use super::value::Val;
use super::world::{Ended, Run, World};
use agentc_compiler::typed::{ArgId, Field, RunFact, Typed, VerbId};
use agentc_runtime::event::EventKind;
use agentc_runtime::types::Currency;
use std::cell::RefCell;

/// One moment of one run.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// Everything that happened before.
    pub world: &'a World<'a>,
    /// Index of the run.
    pub run: usize,
    /// The time of the event.
    pub now: i128,
    /// The time at which readings must still be fresh: the time of the event, but where it is asked how long an allow holds.
    pub fresh_at: i128,
    /// The call that is being decided.
    pub call: Option<Wanted<'a>>,
    /// Notes what is looked at, where somebody wants to know.
    pub touched: Option<&'a RefCell<Vec<Touched>>>,
}

/// Something that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    /// When it was read.
    pub read_at: i128,
    /// The first time at which it is too old.
    pub until: Option<i128>,
}

/// A call that is being decided.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its verb.
    pub verb: VerbId,
    /// Its arguments by slot.
    pub args: &'a [(ArgId, Val)],
    /// Its canonical arguments.
    pub canonical: &'a str,
}

/// An earlier call, as history filters see it.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its id.
    pub id: String,
    /// Its verb.
    pub verb: VerbId,
    /// Its arguments by slot.
    pub args: Vec<(ArgId, Val)>,
    /// When it was sent.
    pub sent: i128,
    /// Where in the log it was sent.
    pub place: usize,
    /// It ended well.
    pub finished_well: bool,
    /// It was refused or is unclear.
    pub failed: bool,
    /// Its value, where it ended well and its verb declares one.
    pub result: Option<Val>,
}

impl<'a> Scene<'a> {
    /// The policy.
    pub fn typed(&self) -> &'a Typed {
        self.world.typed
    }

    /// This run.
    pub fn run(&self) -> &'a Run {
        &self.world.runs[self.run]
    }

    /// An argument of the call being decided.
    pub fn argument(&self, slot: ArgId) -> Option<Val> {
        self.call?.args.iter().find(|(arg, _)| *arg == slot).map(|(_, value)| value.clone())
    }

    /// An attribute of the person served; malformed where nobody is.
    pub fn user_attribute(&self, index: u32) -> Known {
        match &self.run().user {
            Some(user) => Ok(user[index as usize].clone()),
            None => Err(because(Cause::Malformed)),
        }
    }

    /// The latest value of a declared signal. `null` takes it back: it is absent again.
    pub fn signal(&self, index: u32) -> Option<Val> {
        let field = &self.world.job(self.run).signals[index as usize];
        self.world
            .of_run(self.run)
            .rev()
            .filter(|(_, entry)| entry.said.taken)
            .find_map(|(_, entry)| {
                let EventKind::Signal(signal) = &entry.event.kind else { return None };
                let (_, json) = signal.signals.iter().find(|(name, _)| *name == field.name)?;
                value(self.typed(), &field.ty, &field.encoding, &Json::of(json), Strictness::Whole).ok()
            })
            .filter(|value| *value != Val::None)
    }

    /// > `run.confidence` (absent until signalled)
    pub fn confidence(&self) -> Option<Number> {
        self.world.of_run(self.run).rev().filter(|(_, entry)| entry.said.taken).find_map(|(_, entry)| match &entry.event.kind {
            EventKind::Signal(signal) => {
                signal.confidence.map(|number| Number::read(&number.to_string()).ok().flatten().expect("a number"))
            }
            _ => None,
        })
    }

    /// > `run.calls`, `run.denials`, `run.cost`, `run.tokens` (start at 0), `run.unsettled` (calls allowed and not yet
    /// > reported), `run saw untrusted`
    pub fn run_fact(&self, fact: RunFact) -> Val {
        let usages = || {
            self.world.of_run(self.run).filter_map(|(_, entry)| match &entry.event.kind {
                EventKind::Usage(usage) if entry.said.taken => Some(usage),
                _ => None,
            })
        };
        match fact {
            RunFact::Calls => Val::Int(self.finally_answered().len() as i64),
            RunFact::Denials => Val::Int(self.finally_answered().iter().filter(|(_, denied)| *denied).count() as i64),
            RunFact::Cost => {
                let sum = usages().fold(Number::zero(), |sum, usage| {
                    let cost = Number::read(&usage.cost.to_string()).ok().flatten().expect("a number");
                    sum.plus(&cost).expect("tests stay in range")
                });
                Val::Money(sum, Currency::new("USD").expect("a currency"))
            }
            RunFact::Tokens => Val::Int(usages().map(|usage| usage.tokens).sum()),
            RunFact::Unsettled => {
                Val::Int(self.world.allowed(self.run).iter().filter(|call| call.reports.is_empty()).count() as i64)
            }
            RunFact::SawUntrusted => Val::Bool(self.saw_untrusted()),
            RunFact::Confidence => panic!("the confidence may be unknown"),
        }
    }

    /// The calls with a final answer by id, and whether they were denied.
    pub fn finally_answered(&self) -> Vec<(&'a str, bool)> {
        let mut calls: Vec<(&str, bool)> = Vec::new();
        for (_, entry) in self.world.of_run(self.run) {
            for (id, denied) in entry.said.final_answers() {
                if calls.iter().all(|(known, _)| *known != id) {
                    calls.push((id, denied));
                }
            }
        }
        calls
    }

    /// > `run saw untrusted` is set when such a value is shown to the agent or stands in the input, not by a host's fetch.
    fn saw_untrusted(&self) -> bool {
        let input = &self.world.job(self.run).input;
        let stands_there = |(field, value): (&Field, &Val)| {
            *value != Val::None && (field.untrusted || super::results::holds_untrusted_value(self.typed(), &field.ty, value))
        };
        let in_the_input = input.iter().zip(&self.run().input).any(stands_there);
        in_the_input || self.world.of_run(self.run).any(|(_, entry)| entry.said.showed_untrusted)
    }

    /// The earlier calls of this run that were allowed, in the order in which they were sent.
    pub fn past(&self) -> Vec<Past> {
        let calls = self.world.allowed(self.run);
        calls
            .into_iter()
            .map(|call| Past {
                id: call.id.to_owned(),
                verb: call.verb,
                args: call.args.to_vec(),
                sent: call.at,
                place: call.place,
                finished_well: matches!(call.ended(), Some(Ended::Well(..))),
                failed: matches!(call.ended(), Some(Ended::Refused(_) | Ended::Unclear)),
                result: match call.ended() {
                    Some(Ended::Well(_, value)) => value.clone(),
                    _ => None,
                },
            })
            .collect()
    }

    /// Notes that something was looked at.
    pub fn touch(&self, read_at: i128, until: Option<i128>) {
        if let Some(touched) = self.touched {
            touched.borrow_mut().push(Touched { read_at, until });
        }
    }

    /// This moment of a run, with no call.
    pub fn of(world: &'a World<'a>, run: usize, now: i128) -> Self {
        Self { world, run, now, fresh_at: now, call: None, touched: None }
    }

    /// What is known of a record.
    pub fn reading(&self, key: &RecordKey, chosen: Chosen) -> Known {
        super::readings::current(self, key, chosen)
    }
}
