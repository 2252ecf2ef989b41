//! Lists and sets: membership and bounded loops.
//!
//! A list from outside is as many members as could matter. Where a policy only asks `any`, `all`, `in`, `min`, `max` and `first` of lists
//! of a type, each of these is settled by one member, and taking the others away changes none of them: so as many members as there are such
//! questions decide for lists of every length, each counted as often as loops and functions ask it. Where something is counted or added up, or
//! a question stands within a loop over lists of its own kind, longer lists are left open.

use super::Translator;
use crate::logic::formula::Formula;
use crate::logic::linear::Linear;
use crate::logic::rational::Rational;
use crate::logic::value::{Datum, Symbolic, Truth};
use crate::logic::variable::{Numbers, Place, Root, Sort, Step};
use crate::typed::{Expr, ExprKind, Loc, LocalId, Quantifier, Type};
use std::collections::BTreeSet;

/// The most members of a list that are looked at where the policy states no bound.
const MOST_MEMBERS: u32 = 8;

/// The members of a list.
struct Members {
    /// Each member and when it is there.
    members: Vec<(Formula, Symbolic)>,
    /// There are more than these.
    beyond: Formula,
    /// Where the list comes from, if from outside.
    place: Option<Place>,
}

/// What is asked of the members of a list.
struct Asked {
    /// The question.
    what: String,
    /// The values in it.
    given: Vec<Symbolic>,
}

/// The bound names that an expression speaks of.
fn locals_of(expr: &Expr, found: &mut BTreeSet<LocalId>) {
    if let ExprKind::Local(local) = expr.kind {
        found.insert(local);
    }
    expr.kind.operands().into_iter().for_each(|operand| locals_of(operand, found));
}

impl Translator<'_> {
    fn members(&mut self, datum: &Datum, over: &Type, loc: Loc) -> Option<Members> {
        match datum {
            Datum::Items(items) => {
                let members = items.iter().map(|item| (Formula::TRUE, item.clone())).collect();
                Some(Members { members, beyond: Formula::FALSE, place: None })
            }
            Datum::List(place) => self.open_members(place, over, loc),
            _ => None,
        }
    }

    fn open_members(&mut self, place: &Place, over: &Type, loc: Loc) -> Option<Members> {
        let stripped = match over {
            Type::Optional(inner) => inner.as_ref(),
            other => other,
        };
        let (Type::List(of) | Type::Set(of)) = stripped else { return None };
        let used = self.uses.of_list(self.typed, over);
        let calls = self.setting.history.length().saturating_add(1);
        let wanted = used.witnesses.max(1).saturating_mul(calls);
        let enough = used.enough.filter(|_| !used.counted).map(|enough| enough.max(1).saturating_mul(calls));
        let (count, most) = match (self.setting.lists_up_to, enough) {
            (Some(bound), _) => (bound, Some(bound)),
            (None, Some(enough)) if enough <= MOST_MEMBERS => (enough, Some(enough)),
            (None, _) => (MOST_MEMBERS.min(wanted.max(3)), None),
        };
        let longest = most.map_or(Rational::whole(1_000_000), |most| Rational::whole(i128::from(most)));
        let numbers = Numbers {
            whole: true,
            unit: Rational::one(),
            low: Some(Rational::zero()),
            high: Some(longest),
            usual: Rational::zero(),
        };
        let length = self.space.variable_at(place.then(Step::Length), || Sort::Number(Box::new(numbers)), None);
        let length = Linear::variable(length, Rational::one());
        let longer_than = |this: &mut Self, count: u32| {
            let count = Linear::constant(Rational::whole(i128::from(count)));
            this.space.below_zero(&count.minus(&length))
        };
        let mut members: Vec<(Formula, Symbolic)> = Vec::new();
        for at in 0..count {
            let member = self.open(&place.then(Step::Member(at)), of, None);
            let there = longer_than(self, at);
            members.push((there, member));
        }
        if matches!(stripped, Type::Set(_)) && used.counted {
            self.hold_distinct(&members, place, loc);
        }
        let beyond = if most.is_some() { Formula::FALSE } else { longer_than(self, count) };
        if let Some(length) = self.space.variable_of(&place.then(Step::Length)) {
            self.space.prefer(length, !beyond);
        }
        Some(Members { members, beyond, place: Some(place.clone()) })
    }

    /// The members of a set differ.
    fn hold_distinct(&mut self, members: &[(Formula, Symbolic)], place: &Place, loc: Loc) {
        let Some(length) = self.space.variable_of(&place.then(Step::Length)) else { return };
        for (at, (_, member)) in members.iter().enumerate() {
            for (there, later) in members.iter().skip(at.saturating_add(1)) {
                let equal = self.space.equal(member, later, loc).is_true;
                let differ = self.space.implies(*there, !equal);
                self.space.hold(vec![length], differ);
            }
        }
    }

    pub(super) fn is_in(&mut self, item: &Expr, container: &Expr, loc: Loc) -> Symbolic {
        let (item, over) = (self.value(item), self.value(container));
        self.contains(&item, &over, &container.ty, loc)
    }

    pub(super) fn contains(&mut self, item: &Symbolic, over: &Symbolic, ty: &Type, loc: Loc) -> Symbolic {
        let (known, absent) = self.space.operands(&[item, over]);
        let used = self.uses.of_list(self.typed, ty);
        let mut found = self.each(over, |this, datum| {
            let truth = match datum {
                Datum::List(place) if !used.walked && !used.counted => Truth::known(this.is_member(place, item, loc)),
                Datum::Map(place) => {
                    let instance = this.space.instance(&format!("entry of {place:?}"), vec![item.clone()], loc);
                    let place = Place::root(Root::Instance(instance)).then(Step::IsNone);
                    let none = this.space.variable_at(place, || Sort::Flag, None);
                    Truth::known(!this.space.flag(none))
                }
                datum => match this.members(datum, ty, loc) {
                    Some(members) => {
                        let asked = Asked { what: "equal".to_owned(), given: vec![item.clone()] };
                        this.some_member(&members, loc, Some(asked), |this, member| {
                            let equal = this.space.equal(item, member, loc).is_true;
                            Truth::known(equal)
                        })
                    }
                    None => return this.loose(&Type::Bool, loc),
                },
            };
            Symbolic::truth(truth, this.space)
        });
        found = found.where_true(known, self.space);
        found.absent = absent;
        found
    }

    /// Whether something is in a list that is only ever asked that.
    fn is_member(&mut self, place: &Place, item: &Symbolic, loc: Loc) -> Formula {
        let instance = self.space.instance(&format!("member of {place:?}"), vec![item.clone()], loc);
        let flag = self.space.variable_at(Place::root(Root::Instance(instance)), || Sort::Flag, None);
        self.space.flag(flag)
    }

    /// Kleene's or over the members.
    fn some_member(
        &mut self,
        of: &Members,
        loc: Loc,
        asked: Option<Asked>,
        mut with: impl FnMut(&mut Self, &Symbolic) -> Truth,
    ) -> Truth {
        let (mut yes, mut no, mut settled) = (Vec::new(), Vec::new(), Vec::new());
        for (there, member) in &of.members {
            let truth = with(self, member);
            yes.push(self.space.both(*there, truth.is_true));
            no.push(self.space.implies(*there, truth.is_false));
            let either = self.space.either(truth.is_false, truth.is_absent);
            settled.push(self.space.implies(*there, either));
        }
        let (mut is_true, mut is_false) = (self.space.any(yes), self.space.all(no));
        if of.beyond != Formula::FALSE {
            let open = self.some_beyond(of, loc, asked);
            let open_true = self.space.both(of.beyond, open);
            is_true = self.space.either(is_true, open_true);
            is_false = self.space.all([is_false, !is_true]);
        }
        settled.extend([!is_true, !is_false]);
        Truth { is_true, is_false, is_absent: self.space.all(settled) }
    }

    /// Whether one of the members that are not looked at is such: anything, but the same wherever the same is asked of the same list.
    fn some_beyond(&mut self, of: &Members, loc: Loc, asked: Option<Asked>) -> Formula {
        let (Some(place), Some(asked)) = (&of.place, asked) else { return self.space.loose_flag(loc) };
        let family = format!("beyond {place:?}: {}", asked.what);
        let instance = self.space.instance(&family, asked.given, loc);
        let flag = self.space.variable_at(Place::root(Root::Instance(instance)), || Sort::Flag, Some(loc));
        self.space.flag(flag)
    }

    /// What a loop asks of each member: its body, and the values of the names that it reads from around it. Nothing where earlier calls are
    /// looked at, which are no such values.
    fn asked(&self, local: LocalId, body: &Expr, negated: bool) -> Option<Asked> {
        let mut names = BTreeSet::new();
        locals_of(body, &mut names);
        let given = names.iter().filter(|name| **name != local).filter_map(|name| self.scope.get(name).cloned()).collect();
        let what = format!("{:?} {negated} of call {}", body.loc, self.setting.call);
        self.past.is_none().then_some(Asked { what, given })
    }

    pub(super) fn quantified(&mut self, which: Quantifier, local: LocalId, over: &Expr, body: &Expr, expr: &Expr) -> Symbolic {
        let list = self.value(over);
        self.each(&list, |this, datum| match this.members(datum, &over.ty, over.loc) {
            Some(members) => this.walk(which, local, &members, body, expr),
            None => this.loose(&expr.ty, expr.loc),
        })
    }

    fn walk(&mut self, which: Quantifier, local: LocalId, members: &Members, body: &Expr, expr: &Expr) -> Symbolic {
        match which {
            Quantifier::Any => {
                let asked = self.asked(local, body, false);
                let truth = self.some_member(members, expr.loc, asked, |this, member| this.truth_with(local, member, body));
                Symbolic::truth(truth, self.space)
            }
            Quantifier::All => {
                let negated = |this: &mut Self, member: &Symbolic| this.truth_with(local, member, body).negated();
                let asked = self.asked(local, body, true);
                let truth = self.some_member(members, expr.loc, asked, negated).negated();
                Symbolic::truth(truth, self.space)
            }
            Quantifier::First => self.first(local, members, body, expr),
            Quantifier::Count | Quantifier::Sum | Quantifier::Min | Quantifier::Max => {
                self.fold(which, local, members, body, expr)
            }
        }
    }

    fn truth_with(&mut self, local: LocalId, member: &Symbolic, body: &Expr) -> Truth {
        let value = self.with(local, member.clone(), |this| this.value(body));
        value.as_truth(self.space)
    }

    fn first(&mut self, local: LocalId, members: &Members, body: &Expr, expr: &Expr) -> Symbolic {
        let mut open = !members.beyond;
        let mut found = Vec::new();
        for (there, member) in &members.members {
            let truth = self.truth_with(local, member, body);
            let is_it = self.space.all([open, *there, truth.is_true]);
            found.push(member.where_true(is_it, self.space));
            let absent = self.space.all([open, *there, truth.is_absent]);
            found.push(Symbolic { cases: Vec::new(), absent });
            let is_not = self.space.either(!*there, truth.is_false);
            open = self.space.both(open, is_not);
        }
        found.push(Symbolic::none().where_true(open, self.space));
        if members.beyond != Formula::FALSE {
            let loose = self.loose(&expr.ty, expr.loc).where_true(members.beyond, self.space);
            found.push(loose);
        }
        Symbolic::join(found, self.space)
    }

    fn fold(&mut self, which: Quantifier, local: LocalId, members: &Members, body: &Expr, expr: &Expr) -> Symbolic {
        let mut values = Vec::new();
        let (mut knowns, mut settled) = (vec![!members.beyond], vec![!members.beyond]);
        for (there, member) in &members.members {
            let value = self.with(local, member.clone(), |this| this.value(body));
            let known = value.known(self.space);
            knowns.push(self.space.implies(*there, known));
            let either = self.space.either(known, value.absent);
            settled.push(self.space.implies(*there, either));
            values.push((*there, value));
        }
        let known = self.space.all(knowns);
        settled.push(!known);
        let mut folded = match which {
            Quantifier::Count => self.count(&values),
            Quantifier::Sum => self.sum(&values, expr),
            _ => self.extreme(&values, which == Quantifier::Max, expr),
        }
        .where_true(known, self.space);
        folded.absent = self.space.all(settled);
        if members.beyond == Formula::FALSE {
            return folded;
        }
        let loose = self.loose(&expr.ty, expr.loc).where_true(members.beyond, self.space);
        Symbolic::join(vec![folded, loose], self.space)
    }

    fn count(&mut self, values: &[(Formula, Symbolic)]) -> Symbolic {
        let mut total = Linear::constant(Rational::zero());
        for (there, value) in values {
            let truth = value.as_truth(self.space);
            let counts = self.space.both(*there, truth.is_true);
            let one = self.defined(true, |this, variable| {
                let number = Linear::variable(variable, Rational::one());
                let at_least_one = this.space.at_most_zero(&Linear::constant(Rational::one()).minus(&number));
                this.space.equivalent(counts, at_least_one)
            });
            total = total.plus(&one);
        }
        Symbolic::one(Datum::Number(total))
    }

    fn sum(&mut self, values: &[(Formula, Symbolic)], expr: &Expr) -> Symbolic {
        let mut total = Linear::constant(Rational::zero());
        let mut fits = Vec::new();
        for (there, value) in values {
            let adds = self.amount(*there, value);
            total = total.plus(&adds);
            fits.push(self.fits_type(&total, &expr.ty));
        }
        let fits = self.space.all(fits);
        Symbolic::one(Datum::Number(total)).where_true(fits, self.space)
    }

    /// A number that is a value's where a condition holds, and zero elsewhere.
    pub(crate) fn amount(&mut self, there: Formula, value: &Symbolic) -> Linear {
        if let ([(Formula::TRUE, Datum::Number(number))], Formula::TRUE) = (value.cases.as_slice(), there) {
            return number.clone();
        }
        self.defined(false, |this, variable| {
            let number = Linear::variable(variable, Rational::one());
            let zero = this.space.is_zero(&number);
            let mut parts = vec![this.space.implies(!there, zero)];
            for (when, datum) in &value.cases {
                if let Datum::Number(is) = datum {
                    let when = this.space.both(there, *when);
                    let equal = this.space.is_zero(&number.minus(is));
                    parts.push(this.space.implies(when, equal));
                }
            }
            this.space.all(parts)
        })
    }

    fn extreme(&mut self, values: &[(Formula, Symbolic)], greatest: bool, expr: &Expr) -> Symbolic {
        let numbers = |(there, value): &(Formula, Symbolic)| match value.cases.as_slice() {
            [(_, Datum::Number(number))] => Some((*there, number.clone())),
            _ => None,
        };
        let Some(numbers) = values.iter().map(numbers).collect::<Option<Vec<_>>>() else {
            return self.loose(&expr.ty, expr.loc);
        };
        let some = self.space.any(numbers.iter().map(|(there, _)| *there));
        let extreme = self.defined(false, |this, variable| {
            let it = Linear::variable(variable, Rational::one());
            let (mut beyond_all, mut is_one) = (Vec::new(), Vec::new());
            for (there, number) in &numbers {
                let difference = if greatest { number.minus(&it) } else { it.minus(number) };
                let within = this.space.at_most_zero(&difference);
                beyond_all.push(this.space.implies(*there, within));
                let equal = this.space.is_zero(&difference);
                is_one.push(this.space.both(*there, equal));
            }
            let is_one = this.space.any(is_one);
            beyond_all.push(this.space.implies(some, is_one));
            this.space.all(beyond_all)
        });
        let value = Symbolic::one(Datum::Number(extreme)).where_true(some, self.space);
        let none = Symbolic::none().where_true(!some, self.space);
        Symbolic::join(vec![value, none], self.space)
    }

    /// A number that a formula defines; `count` says that it is zero or one.
    fn defined(&mut self, count: bool, definition: impl FnOnce(&mut Self, crate::logic::variable::VarId) -> Formula) -> Linear {
        let at = u32::try_from(self.space.variables().count()).unwrap_or(u32::MAX);
        let bound = |number: i128| count.then(|| Rational::whole(number));
        let numbers = Numbers { whole: count, unit: Rational::one(), low: bound(0), high: bound(1), usual: Rational::zero() };
        let variable = self.space.variable_at(Place::root(Root::Defined(at)), || Sort::Number(Box::new(numbers)), None);
        let formula = definition(self, variable);
        self.space.hold(vec![variable], formula);
        Linear::variable(variable, Rational::one())
    }

    pub(super) fn all_zip(&mut self, binders: (LocalId, LocalId), over: (&Expr, &Expr), body: &Expr, expr: &Expr) -> Symbolic {
        let (lefts, rights) = (self.value(over.0), self.value(over.1));
        let (known, absent) = self.space.operands(&[&lefts, &rights]);
        let mut found = self.each(&lefts, |this, left| {
            let left = this.members(left, &over.0.ty, over.0.loc);
            this.each(&rights, |this, right| {
                let right = this.members(right, &over.1.ty, over.1.loc);
                match (&left, right) {
                    (Some(left), Some(right)) => this.zip(binders, left, &right, body, expr),
                    _ => this.loose(&Type::Bool, expr.loc),
                }
            })
        });
        found = found.where_true(known, self.space);
        found.absent = self.space.either(found.absent, absent);
        found
    }

    fn zip(&mut self, binders: (LocalId, LocalId), left: &Members, right: &Members, body: &Expr, expr: &Expr) -> Symbolic {
        let mut as_long = Vec::new();
        let mut pairs = Vec::new();
        let longest = left.members.len().max(right.members.len());
        for at in 0..longest {
            let one = left.members.get(at);
            let other = right.members.get(at);
            let there = one.map_or(Formula::FALSE, |(there, _)| *there);
            let other_there = other.map_or(Formula::FALSE, |(there, _)| *there);
            as_long.push(self.space.equivalent(there, other_there));
            if let (Some((there, one)), Some((_, other))) = (one, other) {
                let value =
                    self.with(binders.0, one.clone(), |this| this.with(binders.1, other.clone(), |this| this.value(body)));
                pairs.push((*there, value.as_truth(self.space)));
            }
        }
        let beyond = self.space.either(left.beyond, right.beyond);
        if beyond != Formula::FALSE {
            return self.loose(&Type::Bool, expr.loc);
        }
        let as_long = self.space.all(as_long);
        let (mut yes, mut no, mut settled) = (vec![as_long], vec![!as_long], vec![as_long]);
        for (there, truth) in pairs {
            yes.push(self.space.implies(there, truth.is_true));
            no.push(self.space.both(there, truth.is_false));
            let either = self.space.either(truth.is_true, truth.is_absent);
            settled.push(self.space.implies(there, either));
        }
        let (is_true, is_false) = (self.space.all(yes), self.space.any(no));
        settled.extend([!is_true, !is_false]);
        let truth = Truth { is_true, is_false, is_absent: self.space.all(settled) };
        Symbolic::truth(truth, self.space)
    }

    /// Whether a list has no members.
    pub(super) fn is_empty(&mut self, over: &Symbolic, ty: &Type, loc: Loc) -> Symbolic {
        self.each(over, |this, datum| match this.members(datum, ty, loc) {
            Some(members) => {
                let some = this.space.any(members.members.iter().map(|(there, _)| *there));
                Symbolic::one(Datum::Flag(!some))
            }
            None => this.loose(&Type::Bool, loc),
        })
    }

    /// How many members a list has.
    pub(super) fn length(&mut self, over: &Symbolic, ty: &Type, loc: Loc) -> Symbolic {
        self.each(over, |this, datum| {
            if let (Datum::Items(items), false) = (datum, matches!(ty, Type::Set(_))) {
                let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
                return Symbolic::one(Datum::Number(Linear::constant(Rational::whole(length))));
            }
            let (Datum::List(place), Some(_)) = (datum, this.members(datum, ty, loc)) else {
                return this.loose(&Type::Int, loc);
            };
            match this.space.variable_of(&place.then(Step::Length)) {
                Some(length) => Symbolic::one(Datum::Number(Linear::variable(length, Rational::one()))),
                None => this.loose(&Type::Int, loc),
            }
        })
    }
}
