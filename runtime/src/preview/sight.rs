//! What a preview sees at a glance: operands where they lie, comparisons in place, nothing kept and nothing copied.
//!
//! It counts no steps: a preview takes the short way only where everything that a decision could evaluate certainly fits into its steps.

use super::bind::Slots;
use crate::eval::{Ended, holds};
use crate::index::{Atom, Glance, Interned, Source, at_hand};
use crate::policy::Policy;
use crate::program::{ArgId, Comparison, ConstId, ExprId, NodeId, Op};
use crate::run::Run;
use crate::value::{Cell, Value, hash_of};
use jiff::Timestamp;

/// The most records that one preview keeps at hand.
const RECORDS: usize = 4;

/// The most arguments of earlier calls that are compared at a glance.
const ASKED: usize = 8;

/// What lies before a preview.
pub(super) struct Sight<'a> {
    policy: &'a Policy,
    run: &'a Run,
    slots: &'a Slots,
    now: Timestamp,
    /// The records that were looked up, by the expression that does it.
    records: [Option<(ExprId, &'a [Cell])>; RECORDS],
}

impl<'a> Sight<'a> {
    pub(super) fn new(policy: &'a Policy, run: &'a Run, slots: &'a Slots, now: Timestamp) -> Self {
        Self { policy, run, slots, now, records: [None; RECORDS] }
    }

    /// Whether a test holds; `None` where that is not seen.
    #[inline]
    pub(super) fn test(&mut self, glance: Glance) -> Option<bool> {
        let (first, count, decisive) = match glance {
            Glance::All(first, count) => (first, count, false),
            Glance::Any(first, count) => (first, count, true),
            Glance::Unseen | Glance::Value(_) | Glance::Text(_) => return None,
        };
        let mut is_seen = true;
        for atom in self.policy.index().glances.atoms(first, count) {
            match self.atom(atom) {
                // One decisive part decides, whatever is unknown.
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => is_seen = false,
            }
        }
        is_seen.then_some(!decisive)
    }

    /// Where a switch leads; `None` where that is not seen, `Some(None)` where it has no such arm.
    #[inline]
    pub(super) fn arm(&mut self, switch: NodeId, glance: Glance, arms: &[(ConstId, NodeId)]) -> Option<Option<NodeId>> {
        let source = match glance {
            Glance::Text(source) => match self.interned(source) {
                Interned::Unknown => source,
                interned => return Some(self.policy.index().arms.known(switch, interned)),
            },
            Glance::Value(source) => source,
            Glance::Unseen | Glance::All(..) | Glance::Any(..) => return None,
        };
        let policy = self.policy;
        Some(crate::eval::arm(policy, arms, self.value(source)?))
    }

    /// The value that a range is about.
    #[inline]
    pub(super) fn of_range(&mut self, glance: Glance) -> Option<&'a Value> {
        match glance {
            Glance::Value(source) => self.value(source),
            _ => None,
        }
    }

    #[inline]
    fn atom(&mut self, atom: &Atom) -> Option<bool> {
        match *atom {
            Atom::IsText(source, constant, is_equal) => match self.interned(source) {
                Interned::Is(text) => Some((text == constant) == is_equal),
                Interned::No => Some(!is_equal),
                Interned::Unknown => Some((self.value(source)? == self.policy.constant(constant.index())?) == is_equal),
            },
            Atom::Compare(comparison, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                Some(compared(comparison, left, right))
            }
            Atom::OneOf(source, first, count) => {
                let value = self.value(source)?;
                let members = self.policy.index().glances.members(first, count);
                Some(members.iter().any(|member| self.policy.constant(member.index()) == Some(value)))
            }
            Atom::Within(item, set) => {
                let item = self.value(item)?;
                match self.value(set)? {
                    Value::Set(members) => Some(members.binary_search(item).is_ok()),
                    _ => None,
                }
            }
            Atom::Meet(one, other) => match (self.value(one)?, self.value(other)?) {
                (Value::Set(one), Value::Set(other)) => Some(meet(one, other)),
                _ => None,
            },
            Atom::Past(ended, question, operands) => self.past(ended, question, operands),
        }
    }

    /// Whether some earlier call ended so with the arguments that are asked for.
    fn past(&mut self, ended: Ended, question: u32, operands: u32) -> Option<bool> {
        let policy = self.policy;
        let glances = &policy.index().glances;
        let args = glances.past(question)?.args.as_slice();
        let mut values = [&Value::None; ASKED];
        let values = values.get_mut(..args.len())?;
        for (place, source) in values.iter_mut().zip(glances.operands(operands)) {
            *place = self.value(*source)?;
        }
        let run = self.run;
        let places = run.past_index.asked(question, hash_of(values.iter().copied()));
        let mut calls = places.iter().filter_map(|place| run.past.get(*place as usize)).filter(|call| call.ended == ended);
        Some(calls.any(|call| args.iter().zip(values.iter()).all(|(arg, value)| call.arg(*arg) == Some(*value))))
    }

    #[inline]
    fn interned(&self, source: Source) -> Interned {
        let known = match source {
            Source::Arg(arg) => self.slots.place(arg).and_then(|place| self.slots.interned.get(place)),
            Source::Input(at) => self.run.fixed.interned_input.get(at as usize),
            _ => None,
        };
        known.copied().unwrap_or(Interned::Unknown)
    }

    #[inline]
    fn value(&mut self, source: Source) -> Option<&'a Value> {
        match source {
            Source::Constant(constant) => self.policy.constant(constant.index()),
            Source::Arg(arg) => self.arg(arg),
            Source::Input(at) => self.run.fixed.input.get(at as usize),
            Source::Environment(at) => self.run.fixed.environment.get(at as usize),
            Source::Agent(at) => self.run.fixed.agent.get(at as usize),
            Source::User(at) => self.run.fixed.user.get(at as usize),
            Source::Field(of, field) => match self.record(of)?.get(field as usize)? {
                Cell::Value(value) => Some(value),
                Cell::Malformed(_) | Cell::Unread => None,
            },
        }
    }

    #[inline]
    fn arg(&self, arg: ArgId) -> Option<&'a Value> {
        self.slots.place(arg).and_then(|place| self.slots.args.get(place)).map(|(_, value)| value)
    }

    /// The record that an expression looks up, where a reading of it counts.
    #[inline]
    fn record(&mut self, lookup: ExprId) -> Option<&'a [Cell]> {
        for (known, cells) in self.records.iter().map_while(Option::as_ref) {
            if *known == lookup {
                return Some(cells);
            }
        }
        self.look_up(lookup)
    }

    fn look_up(&mut self, lookup: ExprId) -> Option<&'a [Cell]> {
        let program = self.policy.program();
        let Op::Lookup(record, key) = &program.exprs.get(lookup.index())?.op else { return None };
        let key = self.value(at_hand(program, *key.first()?)?).filter(|key| **key != Value::None)?;
        let fresh = program.records.get(record.0 as usize)?.fetch.as_ref().and_then(|fetch| fetch.fresh);
        let Value::Record(cells) = self.run.readings.held(*record, std::slice::from_ref(key), self.now, fresh)? else {
            return None;
        };
        if let Some(free) = self.records.iter_mut().find(|place| place.is_none()) {
            *free = Some((lookup, cells));
        }
        Some(cells)
    }
}

/// Whether two sets, sorted as they are, have a member in common: each of the smaller is looked for in what of the larger lies beyond the
/// one before.
fn meet(one: &[Value], other: &[Value]) -> bool {
    let (small, mut large) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    for member in small {
        match large.binary_search(member) {
            Ok(_) => return true,
            Err(place) => large = large.get(place..).unwrap_or_default(),
        }
    }
    false
}

/// Whether a comparison holds: of the kinds of values that most are about, without a detour.
#[inline]
fn compared(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let ordering = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Enum(left), Value::Enum(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) if matches!(comparison, Comparison::Equal | Comparison::NotEqual) => {
            return (left == right) == (comparison == Comparison::Equal);
        }
        (Value::Money(left, one), Value::Money(right, other)) if one == other => left.cmp(right),
        _ => return holds(comparison, left, right),
    };
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterEqual => ordering.is_ge(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_meet_where_they_have_a_member_in_common() {
        let set = |numbers: &[i64]| numbers.iter().copied().map(Value::Int).collect::<Vec<_>>();
        for (one, other, expected) in [
            (&[][..], &[1, 2][..], false),
            (&[3], &[1, 2], false),
            (&[2], &[1, 2], true),
            (&[1, 5, 9], &[2, 3, 4, 6, 9], true),
            (&[1, 5, 9], &[2, 3, 4, 6, 8, 10], false),
            (&[0, 10], &[0], true),
        ] {
            assert_eq!(meet(&set(one), &set(other)), expected, "{one:?} {other:?}");
            assert_eq!(meet(&set(other), &set(one)), expected, "{other:?} {one:?}");
        }
    }
}
