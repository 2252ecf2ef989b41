//! The facts that an evaluation asks for, from a run, a snapshot of the cells and the call being decided.

use super::cells::Cells;
use super::limit;
use crate::eval::{Contribution, Counter, Facts, PastCall, Reading, Requirement};
use crate::index::Interned;
use crate::policy::Policy;
use crate::program::{ArgId, LimitId, RunFact, VerbId};
use crate::run::Run;
use crate::types::{Currency, RecordId};
use crate::value::Value;
use jiff::{SignedDuration, Timestamp};
use std::cell::RefCell;

/// The facts of one moment.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) run: &'a Run,
    pub(crate) cells: &'a Cells<'a>,
    /// The arguments of the call being decided.
    pub(crate) call: Option<&'a [(ArgId, Value)]>,
    /// This moment.
    pub(crate) now: Timestamp,
    /// Beside each argument, which of the policy's own texts it is; empty where that was not looked up.
    interned: &'a [Interned],
    /// It is noted what is read of records: nobody asks after a preview.
    is_noted: bool,
    touched: RefCell<Touched>,
}

/// What was read of records.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Touched {
    /// When the oldest reading was read.
    pub(crate) oldest: Option<Timestamp>,
    /// When the first of them is no longer fresh.
    pub(crate) fresh_until: Option<Timestamp>,
}

impl<'a> View<'a> {
    pub(crate) fn new(policy: &'a Policy, run: &'a Run, cells: &'a Cells<'a>, call: Option<&'a [(ArgId, Value)]>) -> Self {
        Self { policy, run, cells, call, now: run.now, interned: &[], is_noted: true, touched: RefCell::default() }
    }

    /// The facts of a later moment for a preview, over arguments that were looked up among the policy's own texts.
    pub(crate) fn at(self, now: Timestamp, interned: &'a [Interned]) -> Self {
        Self { now, interned, is_noted: false, ..self }
    }

    /// What was read since this was asked last.
    pub(crate) fn take_touched(&self) -> Touched {
        self.touched.take()
    }
}

impl Facts for View<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn arg(&self, arg: ArgId) -> Option<&Value> {
        let args = self.call?;
        let at = args.binary_search_by_key(&arg, |(slot, _)| *slot).ok()?;
        args.get(at).map(|(_, value)| value)
    }

    fn interned(&self, arg: ArgId) -> Interned {
        let place = self.call.and_then(|args| args.binary_search_by_key(&arg, |(slot, _)| *slot).ok());
        place.and_then(|at| self.interned.get(at)).copied().unwrap_or(Interned::Unknown)
    }

    fn interned_input(&self, index: u32) -> Interned {
        self.run.fixed.interned_input.get(index as usize).copied().unwrap_or(Interned::Unknown)
    }

    fn input(&self, index: u32) -> Option<&Value> {
        self.run.fixed.input.get(index as usize)
    }

    fn environment(&self, index: u32) -> Option<&Value> {
        self.run.fixed.environment.get(index as usize)
    }

    fn agent(&self, index: u32) -> Option<&Value> {
        self.run.fixed.agent.get(index as usize)
    }

    fn user(&self, index: u32) -> Option<&Value> {
        self.run.fixed.user.get(index as usize)
    }

    fn signal(&self, index: u32) -> Option<&Value> {
        self.run.signals.get(&index)
    }

    fn run(&self, fact: RunFact) -> Option<Value> {
        let run = self.run;
        Some(match fact {
            RunFact::Calls => Value::Int(run.finals),
            RunFact::Denials => Value::Int(run.denials),
            RunFact::Cost => Value::Money(run.cost, Currency::new("USD")?),
            RunFact::Tokens => Value::Int(run.tokens),
            RunFact::Confidence => Value::Decimal(run.confidence?),
            RunFact::Unsettled => Value::Int(run.unsettled),
            RunFact::SawUntrusted => Value::Bool(run.saw_untrusted),
        })
    }

    fn lookup(&self, record: RecordId, key: &[Value]) -> Reading {
        let shape = self.policy.program().records.get(record.0 as usize);
        let fresh = shape.and_then(|shape| shape.fetch.as_ref()).and_then(|fetch| fetch.fresh);
        let (reading, read_at) = self.run.readings.lookup(record, key, self.now, fresh);
        if let Some(read_at) = read_at.filter(|_| self.is_noted) {
            let mut touched = self.touched.borrow_mut();
            touched.oldest = Some(touched.oldest.map_or(read_at, |oldest| oldest.min(read_at)));
            if let Some(until) = fresh.and_then(|fresh| read_at.checked_add(SignedDuration::from_nanos(fresh)).ok()) {
                touched.fresh_until = earliest(touched.fresh_until, Some(until));
            }
        }
        reading
    }

    fn past(&self) -> impl DoubleEndedIterator<Item = &PastCall> {
        self.run.past.iter().map(|call| &**call)
    }

    fn past_with<'s>(
        &'s self,
        verb: VerbId,
        arg: ArgId,
        value: &'s Value,
    ) -> Option<impl DoubleEndedIterator<Item = &'s PastCall>> {
        let places = self.run.past_index.places(self.policy, verb, arg, value)?;
        Some(places.iter().filter_map(|place| self.run.past.get(*place as usize)).map(|call| &**call))
    }

    fn failures(&self, verbs: &[VerbId]) -> i64 {
        self.run.failures(verbs)
    }

    fn required(&self, requirement: &Requirement<'_>) -> bool {
        let Some(made) = self.run.required(self.policy, self.now, requirement) else { return false };
        // `within` includes its end: the prerequisite no longer holds from the next moment on.
        let over =
            requirement.within.and_then(|within| made.checked_add(within).ok()?.checked_add(SignedDuration::from_nanos(1)).ok());
        let mut touched = self.touched.borrow_mut();
        touched.fresh_until = earliest(touched.fresh_until, over);
        true
    }

    fn counter(&self, limit: LimitId, key: &[Value], adds: &Contribution) -> Counter {
        limit::total(self, limit, key, adds)
    }
}

/// The earlier of two times that may be missing.
pub(crate) fn earliest(left: Option<Timestamp>, right: Option<Timestamp>) -> Option<Timestamp> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}
