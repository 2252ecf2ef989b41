//! Earlier calls of the run: left open, so that an answer holds after any of them, or a few that are written out.

use super::Translator;
use crate::logic::formula::Formula;
use crate::logic::linear::Linear;
use crate::logic::rational::Rational;
use crate::logic::value::{Datum, Symbolic, Truth};
use crate::logic::variable::{Place, Root, Sort, Step};
use crate::typed::{Expr, HistoryKind, Loc, PastPart, RunFact, Type, VerbId};

/// What is known of earlier calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum History {
    /// Nothing: they are any.
    Open,
    /// There were exactly these, in this order, each allowed and reported.
    Calls(Vec<PastCall>),
}

impl History {
    /// How many calls are written out.
    pub(super) fn length(&self) -> u32 {
        match self {
            Self::Open => 0,
            Self::Calls(calls) => u32::try_from(calls.len()).unwrap_or(u32::MAX),
        }
    }
}

/// An earlier call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCall {
    /// Its verb.
    pub verb: VerbId,
    /// Its number, as places name it: from 1.
    pub call: u32,
}

/// The earlier call that a filter looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked {
    /// Its number.
    pub(super) call: u32,
    /// Its verb, where it is one.
    verb: Option<VerbId>,
}

/// The number of a call that may be any earlier one.
const ANY_CALL: u32 = u32::MAX;

impl Translator<'_> {
    pub(super) fn some_past(&mut self, kind: HistoryKind, verbs: &[VerbId], filter: Option<&Expr>, loc: Loc) -> Symbolic {
        let well = kind != HistoryKind::Failed;
        let truth = match self.setting.history.clone() {
            History::Open => {
                let word = if well { "happened" } else { "failed" };
                Truth::known(self.open_past(word, verbs, filter).0)
            }
            History::Calls(calls) => {
                let mut parts = Vec::new();
                for call in self.of_verbs(&calls, verbs) {
                    let ended = self.ended(call.call);
                    let ended = Truth::known(if well { ended } else { !ended });
                    let fits = self.satisfies(Looked { call: call.call, verb: Some(call.verb) }, filter);
                    parts.push(self.space.and(&[ended, fits]));
                }
                self.space.or(&parts)
            }
        };
        let _ = loc;
        Symbolic::truth(truth, self.space)
    }

    /// A flag for "some earlier call of these verbs satisfies this", and the text that names it.
    fn open_past(&mut self, word: &str, verbs: &[VerbId], filter: Option<&Expr>) -> (Formula, String) {
        let mut names: Vec<String> = verbs.iter().map(|verb| self.verb_name(*verb)).collect();
        names.sort();
        let names = names.join(", ");
        let fits = self.satisfies(Looked { call: ANY_CALL, verb: verbs.first().copied() }, filter);
        let text = format!("{word}({names} where {:?})", fits.is_true);
        let flag = self.space.variable_at(Place::root(Root::History(text.clone())), || Sort::Flag, None);
        let formula = self.space.flag(flag);
        if fits.is_true == Formula::FALSE {
            return (Formula::FALSE, text);
        }
        if fits.is_true != Formula::TRUE {
            let any = format!("{word}({names} where {:?})", Formula::TRUE);
            let any = self.space.variable_at(Place::root(Root::History(any)), || Sort::Flag, None);
            let any_formula = self.space.flag(any);
            let implied = self.space.implies(formula, any_formula);
            self.space.hold(vec![flag], implied);
        }
        (formula, text)
    }

    fn verb_name(&self, verb: VerbId) -> String {
        let Some(verb) = self.typed.verbs.get(verb.index()) else { return String::new() };
        let tool = self.typed.tools.get(verb.tool.index()).map_or("", |tool| tool.name.as_str());
        format!("{tool}.{}", verb.name)
    }

    fn of_verbs(&self, calls: &[PastCall], verbs: &[VerbId]) -> Vec<PastCall> {
        calls.iter().filter(|call| verbs.contains(&call.verb)).cloned().collect()
    }

    /// Whether an earlier call ended well.
    pub(crate) fn ended(&mut self, call: u32) -> Formula {
        let flag = self.space.variable_at(Place::root(Root::EndedWell { call }), || Sort::Flag, None);
        self.space.flag(flag)
    }

    fn satisfies(&mut self, looked: Looked, filter: Option<&Expr>) -> Truth {
        let Some(filter) = filter else { return Truth::known(Formula::TRUE) };
        let before = self.past.replace(looked);
        let truth = self.condition(filter);
        self.past = before;
        truth
    }

    pub(super) fn past_result(&mut self, expr: &Expr) -> Symbolic {
        let result = self.past.and_then(|looked| {
            let verb = self.typed.verbs.get(looked.verb?.index())?;
            Some((looked, verb.result.clone()?, verb.result_encoding.clone()))
        });
        match result {
            Some((looked, ty, encoding)) => {
                let place = Place::root(Root::Result { call: looked.call });
                self.open(&place, &ty, Some(&encoding))
            }
            None => self.loose(&expr.ty, expr.loc),
        }
    }

    pub(super) fn last_past(&mut self, verbs: &[VerbId], filter: Option<&Expr>, part: PastPart, expr: &Expr) -> Symbolic {
        let inner = match &expr.ty {
            Type::Optional(inner) => inner.as_ref().clone(),
            other => other.clone(),
        };
        match self.setting.history.clone() {
            History::Open => {
                let (exists, text) = self.open_past("happened", verbs, filter);
                let place = Place::root(Root::History(format!("last of {text}")));
                let value = match part {
                    PastPart::Exists => Symbolic::one(Datum::Flag(Formula::TRUE)),
                    PastPart::At => self.open(&place.then(Step::Field("at".into())), &Type::Time, None),
                    PastPart::Arg(arg) => {
                        let name = self.typed.args.get(arg.index()).map(|slot| slot.name.clone()).unwrap_or_default();
                        self.open(&place.then(Step::Field("args".into())).then(Step::Field(name)), &inner, None)
                    }
                    PastPart::Result => self.open(&place.then(Step::Field("result".into())), &inner, None),
                };
                let value = value.where_true(exists, self.space);
                let none = Symbolic::none().where_true(!exists, self.space);
                Symbolic::join(vec![none, value], self.space)
            }
            History::Calls(calls) => {
                let mut open = Formula::TRUE;
                let mut found = Vec::new();
                for call in self.of_verbs(&calls, verbs).iter().rev() {
                    let ended = self.ended(call.call);
                    let looked = Looked { call: call.call, verb: Some(call.verb) };
                    let fits = self.satisfies(looked, filter);
                    let is_it = self.space.all([open, ended, fits.is_true]);
                    let value = match part {
                        PastPart::Exists => Symbolic::one(Datum::Flag(Formula::TRUE)),
                        PastPart::At => self.open(&Place::root(Root::Now { call: call.call }), &Type::Time, None),
                        PastPart::Arg(arg) => self.arg(arg, call.call),
                        PastPart::Result => {
                            let before = self.past.replace(looked);
                            let value = self.past_result(expr);
                            self.past = before;
                            value
                        }
                    };
                    found.push(value.where_true(is_it, self.space));
                    let is_not = self.space.either(!ended, fits.is_false);
                    open = self.space.both(open, is_not);
                }
                found.push(Symbolic::none().where_true(open, self.space));
                Symbolic::join(found, self.space)
            }
        }
    }

    /// Facts of a run whose calls are written out.
    pub(super) fn known_fact(&mut self, fact: RunFact) -> Option<Symbolic> {
        let typed = self.typed;
        let job = typed.jobs.get(self.job.index())?;
        if fact == RunFact::SawUntrusted
            && job.input.iter().any(|field| field.untrusted && !matches!(field.ty, Type::Optional(_)))
        {
            return Some(Symbolic::one(Datum::Flag(Formula::TRUE)));
        }
        let History::Calls(calls) = &self.setting.history else { return None };
        let calls = calls.clone();
        let whole = |number: u32| Symbolic::one(Datum::Number(Linear::constant(Rational::whole(i128::from(number)))));
        match fact {
            RunFact::Calls => Some(whole(u32::try_from(calls.len()).unwrap_or(u32::MAX))),
            RunFact::Denials | RunFact::Unsettled => Some(whole(0)),
            RunFact::SawUntrusted => {
                let untrusted = |call: &&PastCall| {
                    let verb = typed.verbs.get(call.verb.index());
                    verb.is_some_and(|verb| verb.result.is_some() && verb.result_untrusted)
                };
                let ended: Vec<Formula> = calls.iter().filter(untrusted).map(|call| self.ended(call.call)).collect();
                let saw = self.space.any(ended);
                Some(Symbolic::one(Datum::Flag(saw)))
            }
            RunFact::Cost | RunFact::Tokens | RunFact::Confidence => None,
        }
    }

    /// How many results of these verbs were refused or unclear since the last that was ok: when it is at least so many.
    pub(crate) fn failed_at_least(&mut self, verbs: &[VerbId], tries: u32) -> Formula {
        match self.setting.history.clone() {
            History::Open => {
                let names: Vec<String> = verbs.iter().map(|verb| self.verb_name(*verb)).collect();
                let place = Place::root(Root::History(format!("failures of {} reach {tries}", names.join(", "))));
                let flag = self.space.variable_at(place, || Sort::Flag, None);
                self.space.flag(flag)
            }
            History::Calls(calls) => {
                let calls = self.of_verbs(&calls, verbs);
                let wanted = usize::try_from(tries).unwrap_or(usize::MAX);
                if calls.len() < wanted {
                    return Formula::FALSE;
                }
                let failed: Vec<Formula> = calls.iter().rev().take(wanted).map(|call| !self.ended(call.call)).collect();
                self.space.all(failed)
            }
        }
    }

    /// Whether a call that must have been made was made.
    pub(crate) fn required(
        &mut self,
        verb: VerbId,
        args: &[(u32, Expr)],
        within: Option<i64>,
        since_last: Option<VerbId>,
        loc: Loc,
    ) -> Truth {
        let values: Vec<(u32, Symbolic)> = args.iter().map(|(param, value)| (*param, self.value(value))).collect();
        let (known, is_absent) = self.space.operands(&values.iter().map(|(_, value)| value).collect::<Vec<_>>());
        let met = match self.setting.history.clone() {
            History::Open => {
                let params: Vec<u32> = values.iter().map(|(param, _)| *param).collect();
                let since = since_last.map(|verb| self.verb_name(verb));
                let family = format!("required {} {params:?} {within:?} {since:?}", self.verb_name(verb));
                let values = values.iter().map(|(_, value)| value.clone()).collect();
                let instance = self.space.instance(&family, values, loc);
                let flag = self.space.variable_at(Place::root(Root::Instance(instance)), || Sort::Flag, None);
                self.space.flag(flag)
            }
            History::Calls(calls) => self.required_of(&calls, verb, &values, within, since_last, loc),
        };
        Truth { is_true: self.space.both(known, met), is_false: self.space.both(known, !met), is_absent }
    }

    fn required_of(
        &mut self,
        calls: &[PastCall],
        verb: VerbId,
        values: &[(u32, Symbolic)],
        within: Option<i64>,
        since_last: Option<VerbId>,
        loc: Loc,
    ) -> Formula {
        let typed = self.typed;
        let mut ways = vec![self.fetched(verb, values, loc)];
        let Some(shape) = typed.verbs.get(verb.index()) else { return Formula::FALSE };
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.verb == verb) {
            if since_last.is_some_and(|since| calls.iter().skip(at.saturating_add(1)).any(|later| later.verb == since)) {
                continue;
            }
            let mut parts = vec![self.ended(call.call)];
            for (param, wanted) in values {
                let Some(param) = shape.params.get(*param as usize) else { return Formula::FALSE };
                let given = self.arg(param.arg, call.call);
                parts.push(self.space.equal(&given, wanted, loc).is_true);
            }
            if let Some(within) = within {
                let time = |this: &mut Self, call| {
                    let place = Place::root(Root::Now { call });
                    let value = this.open(&place, &Type::Time, None);
                    match value.cases.first() {
                        Some((_, Datum::Number(number))) => number.clone(),
                        _ => Linear::constant(Rational::zero()),
                    }
                };
                let (now, then) = (time(self, self.setting.call), time(self, call.call));
                let late = now.minus(&then).minus(&Linear::constant(Rational::whole(i128::from(within))));
                parts.push(self.space.at_most_zero(&late));
            }
            ways.push(self.space.all(parts));
        }
        self.space.any(ways)
    }

    /// A host's own fetch counts as the call: it is made wherever the record is held.
    fn fetched(&mut self, verb: VerbId, values: &[(u32, Symbolic)], loc: Loc) -> Formula {
        let typed = self.typed;
        for record in &typed.records {
            let Some(fetch) = &record.fetch else { continue };
            let crate::typed::FetchHow::Verb { verb: fetcher, args } = &fetch.how else { continue };
            if *fetcher != verb {
                continue;
            }
            let mut key: Vec<(u32, Symbolic)> = Vec::new();
            for (param, part) in args {
                match values.iter().find(|(wanted, _)| wanted == param) {
                    Some((_, value)) => key.push((*part, value.clone())),
                    None => return Formula::FALSE,
                }
            }
            key.sort_by_key(|(part, _)| *part);
            let reading = self.reading(record, key.into_iter().map(|(_, value)| value).collect(), loc);
            return reading.known(self.space);
        }
        Formula::FALSE
    }
}
