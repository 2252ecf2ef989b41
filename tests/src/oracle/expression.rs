//! What an expression means at one event: each form beside what the language says of it.

use super::number::Number;
use super::operators::{arithmetic, compare, in_range, negated, order};
use super::pattern::matches;
use super::scene::{Past, Scene};
use super::unknown::{Cause, Causes, Chosen, Known, RecordKey, all_of, any_of, because, together};
use super::value::Val;
use super::zone;
use agentc_compiler::typed::{
    Arm, CompareOp, Expr, ExprKind, HistoryKind, LocalId, PastPart, Pattern, Quantifier, RecordId, RunFact, Type, VerbId, Who,
    ZonePart,
};
use std::collections::BTreeMap;

/// What names mean inside an expression.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The bound names: the value, and whether it was read straight from the call's arguments.
    locals: BTreeMap<LocalId, (Val, Chosen)>,
    /// The earlier call that a history filter or an `undo` looks at.
    past: Option<Past>,
}

impl Names {
    /// With one more name bound.
    pub fn with(&self, local: LocalId, value: Val, chosen: Chosen) -> Self {
        let mut names = self.clone();
        names.locals.insert(local, (value, chosen));
        names
    }

    /// Looking at an earlier call.
    pub fn looking_at(&self, past: Past) -> Self {
        Self { past: Some(past), ..self.clone() }
    }
}

impl Scene<'_> {
    /// A rule's condition: always where it has none.
    pub fn condition(&self, condition: Option<&Expr>) -> Known {
        condition.map_or(Ok(Val::Bool(true)), |condition| self.value(condition, &Names::default()))
    }

    /// The value of an expression.
    pub fn value(&self, expr: &Expr, names: &Names) -> Known {
        let value = |expr: &Expr| self.value(expr, names);
        match &expr.kind {
            ExprKind::Const(constant) => Ok(Val::from_shared(constant)),
            ExprKind::Arg(slot) => self.argument(*slot).ok_or_else(|| because(Cause::Malformed)),
            ExprKind::Local(local) => Ok(names.locals[local].0.clone()),
            ExprKind::Input(index) => Ok(self.run().input[*index as usize].clone()),
            ExprKind::Environment(index) => Ok(self.run().environment[*index as usize].clone()),
            ExprKind::Identity(Who::Agent, index) => Ok(self.run().agent[*index as usize].clone()),
            ExprKind::Identity(Who::User, index) => self.user_attribute(*index),
            ExprKind::Signal(index) => self.signal(*index).ok_or_else(|| because(Cause::NotSignalled)),
            ExprKind::Run(fact) => self.fact(*fact),
            ExprKind::Now => Ok(Val::Time(self.now)),
            ExprKind::Lookup(record, key) => self.looked_up(*record, key, names),
            ExprKind::Field(of, index) => match value(of)? {
                // Of an optional record it is optional (`none` passes on).
                Val::None => Ok(Val::None),
                Val::Record(fields) => fields[*index as usize].clone().map_err(|_| because(Cause::Malformed)),
                other => panic!("a field of {other:?}"),
            },
            // `let` names an expression, evaluated where it is used.
            ExprKind::Let(id) => value(&self.typed().lets[id.index()].value),
            ExprKind::CallFn(id, args) => {
                let function = &self.typed().fns[id.index()];
                let values = together(args.iter().map(value))?;
                let mut inner = Names::default();
                for (((local, _, _), arg), value) in function.params.iter().zip(args).zip(values) {
                    inner = inner.with(*local, value, self.chosen(arg, names));
                }
                self.value(&function.body, &inner)
            }
            ExprKind::Call(function, args) => {
                let values = together(args.iter().map(value))?;
                let values: Vec<_> = values.iter().map(Val::to_shared).collect();
                match (function.0.apply)(&values) {
                    Ok(value) => Ok(Val::from_shared(&value)),
                    Err(agentc_runtime::value::Fault::Overflow) => Err(because(Cause::Overflow)),
                    Err(agentc_runtime::value::Fault::Malformed(_)) => Err(because(Cause::Malformed)),
                }
            }
            ExprKind::Not(condition) => value(condition).map(|condition| Val::Bool(!condition.truth())),
            ExprKind::And(conditions) => all_of(conditions.iter().map(value)),
            ExprKind::Or(conditions) => any_of(conditions.iter().map(value)),
            ExprKind::Compare(operator, left, right) => {
                let pair = together([value(left), value(right)])?;
                Ok(Val::Bool(compare(*operator, &pair[0], &pair[1])))
            }
            ExprKind::In(member, group) => {
                let pair = together([value(member), value(group)])?;
                Ok(Val::Bool(members_of(&pair[1], Walked::Keys).contains(&pair[0])))
            }
            ExprKind::InRange(member, low, high) => {
                let three = together([value(member), value(low), value(high)])?;
                Ok(Val::Bool(in_range(&three[0], &three[1], &three[2])))
            }
            ExprKind::Arithmetic(operator, left, right) => {
                let pair = together([value(left), value(right)])?;
                arithmetic(*operator, &pair[0], &pair[1]).map_err(|_| because(Cause::Overflow))
            }
            ExprKind::Negate(operand) => negated(&value(operand)?).map_err(|_| because(Cause::Overflow)),
            ExprKind::ToDecimal(operand) => Ok(match value(operand)? {
                Val::Int(number) => Val::Decimal(Number::whole(number)),
                other => other,
            }),
            ExprKind::ToOptional(operand) | ExprKind::ToKey(operand) => value(operand),
            ExprKind::CompositeKey(parts) => together(parts.iter().map(value)).map(Val::List),
            ExprKind::Coalesce(operand, default) => match settled(value(operand))? {
                Val::None => value(default),
                known => Ok(known),
            },
            ExprKind::IsAbsent(operand) => Ok(Val::Bool(settled(value(operand))? == Val::None)),
            ExprKind::Matches(operand, pattern) => match value(operand)? {
                Val::Text(text) => Ok(Val::Bool(matches(&text, pattern))),
                other => panic!("{other:?} is matched"),
            },
            ExprKind::List(members) => together(members.iter().map(value)).map(|members| match expr.ty {
                Type::Set(_) => Val::set(members),
                _ => Val::List(members),
            }),
            ExprKind::If(condition, then, otherwise) => value(if value(condition)?.truth() { then } else { otherwise }),
            ExprKind::Match(subjects, arms) => {
                let subjects = together(subjects.iter().map(value))?;
                let (arm, names) = arms
                    .iter()
                    .find_map(|arm| fits(arm, &subjects, names).map(|names| (arm, names)))
                    .expect("the compiler refuses a match that is not exhaustive");
                self.value(&arm.value, &names)
            }
            ExprKind::MapGet(map, key) => {
                let pair = together([value(map), value(key)])?;
                Ok(match &pair[0] {
                    Val::None => Val::None,
                    // a missing map entry is `none`
                    Val::Map(entries) => {
                        entries.iter().find(|(key, _)| *key == pair[1]).map_or(Val::None, |(_, value)| value.clone())
                    }
                    other => panic!("an entry of {other:?}"),
                })
            }
            ExprKind::Quantified(quantifier, local, over, body) => {
                let chosen = self.chosen(over, names);
                let members = members_of(&value(over)?, Walked::Values);
                let results =
                    members.iter().map(|member| self.value(body, &names.with(*local, member.clone(), chosen))).collect();
                quantified(*quantifier, &expr.ty, &members, results)
            }
            ExprKind::AllZip { binders, over, body } => {
                let chosen = (self.chosen(&over.0, names), self.chosen(&over.1, names));
                let pair = together([value(&over.0), value(&over.1)])?;
                let (lefts, rights) = (members_of(&pair[0], Walked::Values), members_of(&pair[1], Walked::Values));
                // `zip` of unequal lengths makes `all` false
                if lefts.len() != rights.len() {
                    return Ok(Val::Bool(false));
                }
                all_of(lefts.into_iter().zip(rights).map(|(left, right)| {
                    self.value(body, &names.with(binders.0, left, chosen.0).with(binders.1, right, chosen.1))
                }))
            }
            ExprKind::History(kind, verbs, filter) => self.history(*kind, verbs, filter.as_deref(), names),
            ExprKind::Last(verbs, filter, part) => self.last(verbs, filter.as_deref(), *part, names),
            ExprKind::PastArg(slot) => {
                let past = names.past.as_ref().expect("only inside a history filter");
                past.args
                    .iter()
                    .find(|(arg, _)| arg == slot)
                    .map(|(_, value)| value.clone())
                    .ok_or_else(|| because(Cause::Malformed))
            }
            ExprKind::PastResult => {
                let past = names.past.as_ref().expect("only inside a history filter");
                past.result.clone().ok_or_else(|| because(Cause::Malformed))
            }
            ExprKind::InZone(time, zone) => {
                let pair = together([value(time), value(zone)])?;
                match (&pair[0], &pair[1]) {
                    (Val::Time(time), Val::Text(name)) if zone::named(name).is_some() => Ok(Val::Zoned(*time, name.clone())),
                    (Val::Time(_), Val::Text(_)) => Err(because(Cause::Malformed)),
                    other => panic!("a time in a zone of {other:?}"),
                }
            }
            ExprKind::ZonePart(part, seen) => match value(seen)? {
                Val::Zoned(time, name) => {
                    let (date, time, weekday) = zone::seen(time, &zone::named(&name).expect("looked up before"));
                    Ok(match part {
                        ZonePart::Date => Val::Date(date),
                        ZonePart::Time => Val::TimeOfDay(time),
                        ZonePart::Weekday => Val::Weekday(weekday),
                    })
                }
                other => panic!("a part of {other:?}"),
            },
            ExprKind::At(date, time, zone) => {
                let three = together([value(date), value(time), value(zone)])?;
                let [Val::Date(date), Val::TimeOfDay(time), Val::Text(name)] = three.as_slice() else {
                    panic!("a point in time of {three:?}")
                };
                let rules = zone::named(name).ok_or_else(|| because(Cause::Malformed))?;
                zone::instant(date.to_datetime(*time), &rules).map(Val::Time).ok_or_else(|| because(Cause::Overflow))
            }
            ExprKind::RecordLiteral(_) | ExprKind::MapLiteral(_) => panic!("only tests have literals of records and maps"),
        }
    }

    /// `Order[key]`: what the source said of it.
    fn looked_up(&self, record: RecordId, key: &[Expr], names: &Names) -> Known {
        let values = together(key.iter().map(|part| self.value(part, names)))?;
        let parts = self.typed().records[record.0 as usize].key.len();
        let values = match values.as_slice() {
            // Of an optional key it is optional (`none` passes on).
            parts if parts.contains(&Val::None) => return Ok(Val::None),
            [Val::List(whole)] if parts > 1 => whole.clone(),
            _ => values,
        };
        let key_chosen = if key.iter().all(|part| self.chosen(part, names) == Chosen::ByTheAgent) {
            Chosen::ByTheAgent
        } else {
            Chosen::Otherwise
        };
        self.reading(&RecordKey { record, key: values }, key_chosen)
    }

    /// > Row 8 is for keys read straight from the call's arguments.
    fn chosen(&self, expr: &Expr, names: &Names) -> Chosen {
        match &expr.kind {
            ExprKind::Arg(_) => Chosen::ByTheAgent,
            ExprKind::Local(local) => names.locals[local].1,
            ExprKind::Field(of, _) | ExprKind::ToKey(of) | ExprKind::ToOptional(of) => self.chosen(of, names),
            ExprKind::Let(id) => self.chosen(&self.typed().lets[id.index()].value, names),
            ExprKind::CompositeKey(parts) if parts.iter().all(|part| self.chosen(part, names) == Chosen::ByTheAgent) => {
                Chosen::ByTheAgent
            }
            _ => Chosen::Otherwise,
        }
    }

    /// > History, of this run, earlier calls only: `happened(verb where …)` (finished well), `failed(verb …)`
    fn history(&self, kind: HistoryKind, verbs: &[VerbId], filter: Option<&Expr>, names: &Names) -> Known {
        let calls = self.past().into_iter().filter(|past| {
            verbs.contains(&past.verb)
                && match kind {
                    HistoryKind::Happened | HistoryKind::Last => past.finished_well,
                    HistoryKind::Failed => past.failed,
                }
        });
        any_of(calls.map(|past| self.past_fits(past, filter, names)))
    }

    fn past_fits(&self, past: Past, filter: Option<&Expr>, names: &Names) -> Known {
        filter.map_or(Ok(Val::Bool(true)), |filter| self.value(filter, &names.looking_at(past)))
    }

    /// `last(verb where …).result`: optional, absent where there is none.
    fn last(&self, verbs: &[VerbId], filter: Option<&Expr>, part: PastPart, names: &Names) -> Known {
        let calls: Vec<Past> =
            self.past().into_iter().rev().filter(|past| verbs.contains(&past.verb) && past.finished_well).collect();
        let fit = calls.iter().map(|past| self.past_fits(past.clone(), filter, names)).collect();
        let Some(past) = first_that(&calls, fit)? else { return Ok(Val::None) };
        match part {
            PastPart::Result => past.result.clone().ok_or_else(|| because(Cause::Malformed)),
            PastPart::Arg(slot) => past
                .args
                .iter()
                .find(|(arg, _)| *arg == slot)
                .map(|(_, value)| value.clone())
                .ok_or_else(|| because(Cause::Malformed)),
            PastPart::At => Ok(Val::Time(past.sent)),
            PastPart::Exists => Ok(Val::Bool(true)),
        }
    }

    fn fact(&self, fact: RunFact) -> Known {
        match fact {
            RunFact::Confidence => self.confidence().map(Val::Decimal).ok_or_else(|| because(Cause::NotSignalled)),
            other => Ok(self.run_fact(other)),
        }
    }
}

/// > `??` and `is absent` settle only *absent* and `none`; every other cause stays unknown.
fn settled(operand: Known) -> Known {
    match operand {
        Err(causes) if causes.iter().all(Cause::is_absent) => Ok(Val::None),
        other => other,
    }
}

/// Which side of a map is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walked {
    /// `x in map`
    Keys,
    /// `any x in map: …`
    Values,
}

fn members_of(group: &Val, walked: Walked) -> Vec<Val> {
    match group {
        Val::List(members) | Val::Set(members) => members.clone(),
        Val::Map(entries) => {
            entries.iter().map(|(key, value)| if walked == Walked::Keys { key.clone() } else { value.clone() }).collect()
        }
        other => panic!("the members of {other:?}"),
    }
}

/// An arm fits where all its patterns do.
fn fits(arm: &Arm, subjects: &[Val], names: &Names) -> Option<Names> {
    let mut names = names.clone();
    for (pattern, subject) in arm.patterns.iter().zip(subjects) {
        match pattern {
            Pattern::Any => {}
            Pattern::Bind(_) if *subject == Val::None => return None,
            Pattern::Bind(local) => names = names.with(*local, subject.clone(), Chosen::Otherwise),
            Pattern::OneOf(constants) => {
                constants.iter().map(Val::from_shared).find(|constant| compare(CompareOp::Equal, constant, subject))?;
            }
        }
    }
    Some(names)
}

/// The first member whose condition is true; unknown where an earlier one is.
fn first_that<T: Clone>(members: &[T], conditions: Vec<Known>) -> Result<Option<T>, Causes> {
    for (member, condition) in members.iter().zip(conditions) {
        if condition?.truth() {
            return Ok(Some(member.clone()));
        }
    }
    Ok(None)
}

/// The bounded loops, over results of the body for each member.
fn quantified(quantifier: Quantifier, ty: &Type, members: &[Val], results: Vec<Known>) -> Known {
    match quantifier {
        Quantifier::Any => any_of(results),
        Quantifier::All => all_of(results),
        Quantifier::First => Ok(first_that(members, results)?.unwrap_or(Val::None)),
        Quantifier::Count => {
            let conditions = together(results)?;
            Ok(Val::Int(conditions.iter().filter(|condition| condition.truth()).count() as i64))
        }
        Quantifier::Sum => {
            let zero = match ty {
                Type::Int => Val::Int(0),
                Type::Decimal => Val::Decimal(Number::zero()),
                Type::Money(currency) => Val::Money(Number::zero(), *currency),
                Type::Duration => Val::Duration(0),
                other => panic!("a sum of {other:?}"),
            };
            let add = agentc_compiler::typed::ArithmeticOp::Add;
            together(results)?
                .iter()
                .try_fold(zero, |sum, value| arithmetic(add, &sum, value))
                .map_err(|_| because(Cause::Overflow))
        }
        Quantifier::Min => Ok(together(results)?.into_iter().min_by(order).unwrap_or(Val::None)),
        Quantifier::Max => Ok(together(results)?.into_iter().max_by(order).unwrap_or(Val::None)),
    }
}
