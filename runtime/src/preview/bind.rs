//! A call straight from the bytes of its event into the slots that rules read: every member is checked, nothing is built but what is read.

use super::scan::Scanner;
use crate::bind::{self, MAX_VALUES};
use crate::decimal::Decimal;
use crate::event::MAX_ID_BYTES;
use crate::index::{Interned, Named, Param, Params, Scalar, Use};
use crate::policy::Policy;
use crate::program::{ArgId, EnumShape, FieldShape, VerbId};
use crate::slots::of_text;
use crate::types::EnumId;
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// The longest event that is bound in one pass: its canonical arguments are certainly no larger than those of one call may be.
const MAX_EVENT: usize = 64 * 1024;

/// The arguments of one call, in slots: sorted, and beside each which of the policy's own texts it is.
#[derive(Debug, Default, Clone)]
pub(super) struct Slots {
    pub(super) args: Vec<(ArgId, Value)>,
    pub(super) interned: Vec<Interned>,
}

impl Slots {
    /// The place of an argument.
    #[inline]
    pub(super) fn place(&self, arg: ArgId) -> Option<usize> {
        self.args.iter().position(|(slot, _)| *slot == arg)
    }
}

/// What was read before: a run speaks of the same things again and again, mostly on one day.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// A few texts, each where its hash puts it.
    texts: Vec<Option<Arc<str>>>,
    /// A day as it is written, and when it begins in seconds since 1970.
    day: Option<([u8; 10], i64)>,
}

/// How many texts are kept: a power of two.
const RECENT: usize = 512;

/// Longer texts are not kept: they seldom come again.
const LONGEST_RECENT: usize = 64;

impl Recent {
    fn text(&mut self, text: &str, hash: u64) -> Arc<str> {
        if text.len() > LONGEST_RECENT {
            return Arc::from(text);
        }
        if self.texts.is_empty() {
            self.texts.resize(RECENT, None);
        }
        let place = usize::try_from(hash >> 40).unwrap_or(0) % RECENT;
        let Some(kept) = self.texts.get_mut(place) else { return Arc::from(text) };
        match kept {
            Some(known) if **known == *text => Arc::clone(known),
            _ => Arc::clone(kept.insert(Arc::from(text))),
        }
    }

    /// A time as RFC 3339 writes it; most have whole seconds of UTC.
    fn time(&mut self, text: &str) -> Option<Timestamp> {
        self.whole_second(text.as_bytes()).or_else(|| text.parse().ok())
    }

    /// `2026-05-04T10:00:00Z`
    fn whole_second(&mut self, text: &[u8]) -> Option<Timestamp> {
        let [b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] = text.get(10..)? else { return None };
        let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let day = text.first_chunk::<10>()?;
        let midnight = match self.day {
            Some((known, midnight)) if known == *day => midnight,
            _ => {
                let midnight = midnight(day)?;
                self.day = Some((*day, midnight));
                midnight
            }
        };
        let within = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?.checked_add(second)?;
        Timestamp::from_second(midnight.checked_add(within)?).ok()
    }
}

/// A call that fits its verb.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'e> {
    pub(super) id: &'e str,
    pub(super) at: Timestamp,
    pub(super) verb: VerbId,
    /// Bytes of the event.
    pub(super) bytes: usize,
}

/// Reads a call that fits its verb into the slots; `None` where the event is anything else or not known to be that.
pub(super) fn read<'e>(policy: &Policy, event: &'e [u8], slots: &mut Slots, recent: &mut Recent) -> Option<Call<'e>> {
    if event.len() > MAX_EVENT {
        return None;
    }
    let text = std::str::from_utf8(event).ok()?;
    usual(policy, text, slots, recent).or_else(|| any_order(policy, text, slots, recent))
}

/// A call whose members stand in the order in which hosts write them, without blanks.
fn usual<'e>(policy: &Policy, text: &'e str, slots: &mut Slots, recent: &mut Recent) -> Option<Call<'e>> {
    let mut scanner = Scanner::new(text);
    scanner.literal(b"{\"event\":\"call\",\"id\":\"")?;
    let id = id_of(scanner.opened_string()?)?;
    scanner.literal(b",\"verb\":\"")?;
    let verb = verb_of(policy, scanner.opened_string()?)?;
    scanner.literal(b",\"args\":")?;
    arguments(policy, verb, &mut scanner, slots, recent)?;
    scanner.literal(b",\"at\":\"")?;
    let at = recent.time(scanner.opened_string()?)?;
    scanner.literal(b"}")?;
    scanner.end()?;
    Some(Call { id, at, verb, bytes: text.len() })
}

fn id_of(id: &str) -> Option<&str> {
    (!id.is_empty() && id.len() <= MAX_ID_BYTES).then_some(id)
}

fn verb_of(policy: &Policy, name: &str) -> Option<VerbId> {
    match policy.index().verbs.named(policy.program(), name) {
        Named::One(verb) => Some(verb),
        Named::Many | Named::None => None,
    }
}

/// A call whose members stand in any order.
fn any_order<'e>(policy: &Policy, text: &'e str, slots: &mut Slots, recent: &mut Recent) -> Option<Call<'e>> {
    let mut scanner = Scanner::new(text);
    scanner.take(b'{')?;
    let (mut id, mut at, mut verb, mut is_call, mut is_bound) = (None, None, None, false, false);
    scanner.has_members()?.then_some(())?;
    loop {
        match scanner.name()? {
            "event" if !is_call => is_call = scanner.string()? == "call",
            "id" if id.is_none() => id = Some(id_of(scanner.string()?)?),
            "verb" if verb.is_none() => verb = Some(verb_of(policy, scanner.string()?)?),
            // Arguments that stand before their verb are read as a tree.
            "args" if !is_bound => {
                arguments(policy, verb?, &mut scanner, slots, recent)?;
                is_bound = true;
            }
            "at" if at.is_none() => at = Some(recent.time(scanner.string()?)?),
            _ => return None,
        }
        if !scanner.another(b'}')? {
            break;
        }
    }
    scanner.end()?;
    let call = Call { id: id?, at: at?, verb: verb?, bytes: text.len() };
    (is_call && is_bound).then_some(call)
}

fn arguments(policy: &Policy, verb: VerbId, scanner: &mut Scanner<'_>, slots: &mut Slots, recent: &mut Recent) -> Option<()> {
    let Params { slots: sorted, params, required } = policy.index().params(verb)?;
    let fields = &policy.program().verbs.get(verb.index())?.params;
    slots.args.clear();
    slots.args.extend(sorted.iter().map(|slot| (*slot, Value::None)));
    slots.interned.clear();
    slots.interned.resize(params.len(), Interned::Unknown);
    let mut given: u64 = 0;
    // Every parameter makes a value of its own.
    let mut left = MAX_VALUES.saturating_sub(u32::try_from(params.len()).ok()?);
    // Members most often stand in the order of the parameters.
    let mut expected = 0;
    scanner.take(b'{')?;
    let mut more = scanner.has_members()?;
    while more {
        let is_next = params.get(expected).is_some_and(|param| scanner.text(&param.opening).is_some());
        let place = if is_next {
            expected
        } else {
            let name = scanner.name()?;
            params.iter().position(|param| *param.member == *name)?
        };
        expected = place.saturating_add(1);
        let bit = 1_u64.checked_shl(u32::try_from(place).ok()?)?;
        if given & bit != 0 {
            return None;
        }
        given |= bit;
        let (param, (_, field)) = params.get(place).zip(fields.get(place))?;
        let (_, slot) = slots.args.get_mut(param.place)?;
        let interned = slots.interned.get_mut(param.place)?;
        if param.scalar == Scalar::Text {
            *interned = text(policy, param, scanner, slot, recent)?;
        } else {
            argument(policy, param, field, scanner, slot, &mut left)?;
        }
        more = scanner.another(b'}')?;
    }
    (given & required == *required).then_some(())
}

/// Takes a null, which is the same as a missing argument; whether there was one.
#[inline]
fn takes_null(param: &Param, scanner: &mut Scanner<'_>) -> Option<bool> {
    if scanner.peek()? != b'n' {
        return Some(false);
    }
    scanner.word("null")?;
    param.is_optional.then_some(true)
}

/// Reads any argument but a text.
// Values are made where they stay: one that is handed on in pieces and read again as a whole makes the processor wait.
fn argument(
    policy: &Policy,
    param: &Param,
    field: &FieldShape,
    scanner: &mut Scanner<'_>,
    slot: &mut Value,
    left: &mut u32,
) -> Option<()> {
    if takes_null(param, scanner)? {
        return Some(());
    }
    match (param.scalar, scanner.peek()?) {
        (Scalar::Int, _) => *slot = Value::Int(decimal(scanner.number()?)?.to_i64()?),
        (Scalar::Decimal, b'"') => *slot = Value::Decimal(decimal(scanner.string()?)?),
        (Scalar::Decimal, _) => *slot = Value::Decimal(decimal(scanner.number()?)?),
        (Scalar::Money(currency), b'"') => *slot = Value::Money(decimal(scanner.string()?)?, currency),
        (Scalar::Money(currency), b'-' | b'0'..=b'9') => *slot = Value::Money(decimal(scanner.number()?)?, currency),
        (Scalar::MinorUnits(currency), b'-' | b'0'..=b'9') => {
            let amount = decimal(scanner.number()?)?;
            let whole = (amount.scale() == 0).then(|| amount.coefficient())?;
            *slot = Value::Money(Decimal::new(whole, currency.minor_digits()).ok()?, currency);
        }
        (Scalar::Bool, b't') => {
            scanner.word("true")?;
            *slot = Value::Bool(true);
        }
        (Scalar::Bool, b'f') => {
            scanner.word("false")?;
            *slot = Value::Bool(false);
        }
        (Scalar::Enum(id), b'"') => *slot = Value::Enum(variant(policy, id, scanner.string()?)?),
        // Of an event: its members are one level deep, the arguments' two.
        (Scalar::Tree | Scalar::Money(_) | Scalar::MinorUnits(_), _) => {
            *slot = bind::argument(policy, field, &scanner.tree(2)?, left)?;
        }
        _ => return None,
    }
    Some(())
}

/// Reads a text, and which of the policy's own it is.
fn text(policy: &Policy, param: &Param, scanner: &mut Scanner<'_>, slot: &mut Value, recent: &mut Recent) -> Option<Interned> {
    if takes_null(param, scanner)? {
        return Some(Interned::Unknown);
    }
    if param.usage == Use::Unread {
        scanner.skip_string()?;
        return Some(Interned::Unknown);
    }
    let text = scanner.string()?;
    let texts = &policy.index().texts;
    let hash = of_text(text.as_bytes());
    let interned = texts.find_hashed(policy.program(), text, hash);
    let known = match interned {
        Interned::Is(constant) => policy.constant(constant.index()),
        _ if param.usage == Use::Compared => Some(texts.other()),
        _ => None,
    };
    *slot = Value::Text(match known {
        Some(Value::Text(known)) => Arc::clone(known),
        _ => recent.text(text, hash),
    });
    Some(interned)
}

fn variant(policy: &Policy, id: EnumId, name: &str) -> Option<u32> {
    let EnumShape { variants, .. } = policy.program().enums.get(id.0 as usize)?;
    let found = variants.iter().zip(0..).find(|(variant, _)| variant.texts.iter().any(|text| text == name));
    found.map(|(_, at)| at)
}

/// An exact number.
fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

/// When a day begins, in seconds since 1970: `2026-05-04`.
fn midnight(day: &[u8; 10]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = day else { return None };
    let year = two(*y1, *y2)?.checked_mul(100)?.checked_add(two(*y3, *y4)?)?;
    let (month, day) = (two(*m1, *m2)?, two(*d1, *d2)?);
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    days(date)?.checked_mul(86_400)
}

/// A number of two digits.
#[inline]
fn two(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| i64::from(tens.wrapping_mul(10).wrapping_add(ones)))
}

/// Days since 1970, by Howard Hinnant's `days_from_civil`.
fn days(date: Date) -> Option<i64> {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    // Years begin in March, so that the leap day is the last.
    let year = i64::from(date.year()).checked_sub(i64::from(month <= 2))?;
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let from_march = month.checked_add(9)?.checked_rem(12)?;
    let of_year = from_march.checked_mul(153)?.checked_add(2)?.checked_div(5)?.checked_add(day)?.checked_sub(1)?;
    let leaps = of_era.checked_div(4)?.checked_sub(of_era.checked_div(100)?)?;
    let in_era = of_era.checked_mul(365)?.checked_add(leaps)?.checked_add(of_year)?;
    era.checked_mul(146_097)?.checked_add(in_era)?.checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_that_the_reader_of_events_reads() {
        let mut days = vec!["1970-01-01".to_owned(), "1969-12-31".into(), "0000-03-01".into(), "9999-12-30".into()];
        for year in [1600, 1900, 1999, 2000, 2023, 2024, 2026, 2100, 2400] {
            for month in 1..=13 {
                days.extend((0..=32).map(|day| format!("{year}-{month:02}-{day:02}")));
            }
        }
        let texts =
            days.iter().flat_map(|day| ["00:00:00Z", "23:59:59Z", "10:00:60Z", "24:00:00Z"].map(|time| format!("{day}T{time}")));
        let (mut read, mut recent) = (0, Recent::default());
        for text in texts {
            if let Some(time) = recent.whole_second(text.as_bytes()) {
                assert_eq!(text.parse().ok(), Some(time), "{text}");
                read += 1;
            }
        }
        assert!(read > 6000, "{read} times were read");
    }
}
