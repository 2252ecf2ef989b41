//! How a policy uses its lists: what says how many members must be looked at so that an answer holds for lists of any length.

use crate::typed::{Expr, ExprKind, FnId, Property, PropertyKind, Quantifier, RuleKind, Type, Typed};
use agentc_runtime::value::Value;
use std::collections::BTreeMap;

/// How the lists of one or more policies are used, by where they come from.
#[derive(Debug, Clone, Default)]
pub struct Uses {
    lists: BTreeMap<String, Use>,
    questions: Questions,
}

/// How often something is asked of the lists of one kind, for each member of lists of these kinds around it: a question within a loop is one
/// for each member of the loop's list, and one in a function is one for each call of the function.
type Questions = BTreeMap<(String, Vec<String>), u32>;

/// Questions within more loops than this are not counted: as many members as they may need are never looked at.
const DEEPEST_LOOPS: usize = 4;

/// How one list is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Use {
    /// Conditions over its members that some single member makes true, false or unknown: `any`, `all`, `in`, `min`, `max`, `first`; each once,
    /// however often it is asked.
    pub(super) witnesses: u32,
    /// How often they are asked, each time perhaps of another member: so many members are enough for all answers. Nothing where no number is.
    pub(super) enough: Option<u32>,
    /// It is walked, not only asked whether it holds something.
    pub(super) walked: bool,
    /// Something depends on how many members there are: `count`, `sum`, `zip`, equality, the library.
    pub(super) counted: bool,
}

impl Uses {
    /// The uses of a policy's lists, in its rules and in all of its proofs.
    #[must_use]
    pub fn of(typed: &Typed) -> Self {
        let mut uses = Self::of_rules(typed);
        for statement in typed.proofs.iter().flat_map(|proof| &proof.statements) {
            uses.add_statement(typed, statement);
        }
        uses
    }

    /// Those in its rules.
    #[must_use]
    pub fn of_rules(typed: &Typed) -> Self {
        let mut uses = Self::default();
        uses.add(typed);
        uses
    }

    /// Those in a statement of a proof.
    pub fn add_statement(&mut self, typed: &Typed, statement: &Property) {
        match &statement.kind {
            PropertyKind::NeverAllow { condition, .. }
            | PropertyKind::AlwaysAllow { condition, .. }
            | PropertyKind::NeedsApproval { condition, .. } => {
                if let Some(condition) = condition {
                    self.walk(typed, condition);
                    add(&mut self.questions, &Counting::new(typed).of(condition));
                }
            }
            PropertyKind::EveryWrite { .. } | PropertyKind::LimitHolds(_) => {}
        }
    }

    /// Those in the rules of a further policy.
    pub fn add(&mut self, typed: &Typed) {
        for function in &typed.fns {
            self.walk(typed, &function.body);
        }
        let mut counting = Counting::new(typed);
        let mut visit = |expr: &Expr| {
            self.walk(typed, expr);
            add(&mut self.questions, &counting.of(expr));
        };
        // A `let` reads nothing that is bound where it is used: it asks the same wherever it is.
        for named in &typed.lets {
            visit(&named.value);
        }
        for job in &typed.jobs {
            job.done.iter().for_each(&mut visit);
            for rule in &job.rules {
                rule.condition.iter().for_each(&mut visit);
                match &rule.kind {
                    RuleKind::Allow { rows, .. } => rows.iter().for_each(|(_, condition)| visit(condition)),
                    RuleKind::Require { args, .. } => args.iter().for_each(|(_, value)| visit(value)),
                    RuleKind::Limit(limit) => {
                        visit(&limit.bound);
                        limit.by.iter().for_each(&mut visit);
                        match &limit.measure {
                            crate::typed::Measure::CountDistinct(value)
                            | crate::typed::Measure::Sum(value)
                            | crate::typed::Measure::Value(value) => visit(value),
                            crate::typed::Measure::Count => {}
                        }
                    }
                    RuleKind::Never | RuleKind::Gate(_) | RuleKind::Escalate | RuleKind::OnFailure { .. } => {}
                }
            }
        }
    }

    fn walk(&mut self, typed: &Typed, expr: &Expr) {
        match &expr.kind {
            ExprKind::Quantified(quantifier, _, over, _) => {
                self.note(typed, over, true, matches!(quantifier, Quantifier::Count | Quantifier::Sum));
            }
            ExprKind::AllZip { over, .. } => {
                self.note(typed, &over.0, true, true);
                self.note(typed, &over.1, true, true);
            }
            ExprKind::In(_, container) => self.note(typed, container, false, false),
            ExprKind::Call(function, args) => {
                let name = function.0.name;
                let contains = matches!(name, "list.contains" | "set.contains");
                let is_empty = matches!(name, "list.is_empty" | "set.is_empty");
                args.iter().for_each(|arg| self.note(typed, arg, !contains, !contains && !is_empty));
            }
            ExprKind::Compare(_, left, right) => {
                self.note(typed, left, true, true);
                self.note(typed, right, true, true);
            }
            _ => {}
        }
        for operand in expr.kind.operands() {
            self.walk(typed, operand);
        }
    }

    fn note(&mut self, typed: &Typed, list: &Expr, walked: bool, counted: bool) {
        // A list that is written out has the members that stand there.
        if written_out(list).is_some() {
            return;
        }
        let Some(name) = name_of(typed, &list.ty) else { return };
        let entry = self.lists.entry(name).or_default();
        entry.witnesses = entry.witnesses.saturating_add(1);
        entry.walked |= walked;
        entry.counted |= counted;
    }

    pub(super) fn of_list(&self, typed: &Typed, ty: &Type) -> Use {
        let Some(name) = name_of(typed, ty) else { return Use::default() };
        let known = self.lists.get(&name).copied().unwrap_or_default();
        Use { enough: self.enough(&name, &mut Vec::new()), ..known }
    }

    /// How many members of a list of that kind are enough; nothing where it depends on itself.
    fn enough(&self, name: &str, within: &mut Vec<String>) -> Option<u32> {
        if within.iter().any(|known| known == name) {
            return None;
        }
        within.push(name.to_owned());
        let from = (name.to_owned(), Vec::new());
        let asked = self.questions.range(from..).take_while(|((of, _), _)| of == name);
        let mut all: Option<u32> = Some(0);
        for ((_, around), times) in asked {
            let each = around.iter().try_fold(*times, |product, list| Some(product.saturating_mul(self.enough(list, within)?)));
            all = all.zip(each).map(|(all, each)| all.saturating_add(each));
        }
        within.pop();
        all
    }
}

/// Counts questions.
struct Counting<'a> {
    typed: &'a Typed,
    /// Those of the functions that were met.
    fns: BTreeMap<FnId, Questions>,
}

impl<'a> Counting<'a> {
    fn new(typed: &'a Typed) -> Self {
        Self { typed, fns: BTreeMap::new() }
    }

    /// The questions that an expression asks each time it is evaluated.
    fn of(&mut self, expr: &Expr) -> Questions {
        let mut found = Questions::new();
        match &expr.kind {
            ExprKind::Quantified(_, _, over, body) => {
                self.ask(over, &mut found);
                let inner = self.of(body);
                self.for_each_of(over, &inner, &mut found);
                return found;
            }
            ExprKind::AllZip { over, body, .. } => {
                let inner = self.of(body);
                for over in [&over.0, &over.1] {
                    self.ask(over, &mut found);
                    self.for_each_of(over, &inner, &mut found);
                }
                return found;
            }
            ExprKind::In(item, container) => {
                add(&mut found, &self.of(item));
                self.ask(container, &mut found);
                return found;
            }
            ExprKind::Call(_, args) => {
                args.iter().for_each(|arg| self.ask(arg, &mut found));
                return found;
            }
            ExprKind::Compare(_, left, right) => {
                [left, right].into_iter().for_each(|side| self.ask(side, &mut found));
                return found;
            }
            // Where it goes it may be walked: a list of its kind has at least so many members.
            ExprKind::List(_) | ExprKind::Const(_) => {
                if let (Some(members), Some(name)) = (written_out(expr), name_of(self.typed, &expr.ty)) {
                    found.insert((name, Vec::new()), members);
                }
            }
            ExprKind::CallFn(id, _) => {
                let asked = self.of_function(*id);
                add(&mut found, &asked);
            }
            _ => {}
        }
        for operand in expr.kind.operands() {
            add(&mut found, &self.of(operand));
        }
        found
    }

    fn of_function(&mut self, id: FnId) -> Questions {
        if let Some(known) = self.fns.get(&id) {
            return known.clone();
        }
        let typed = self.typed;
        let found = typed.fns.get(id.index()).map_or_else(Questions::new, |function| self.of(&function.body));
        self.fns.insert(id, found.clone());
        found
    }

    /// A question of the members of a list, beside what the list itself asks. One that is written out is known.
    fn ask(&mut self, list: &Expr, found: &mut Questions) {
        if written_out(list).is_some() {
            list.kind.operands().into_iter().for_each(|member| add(found, &self.of(member)));
            return;
        }
        add(found, &self.of(list));
        if let Some(name) = name_of(self.typed, &list.ty) {
            let asked = found.entry((name, Vec::new())).or_default();
            *asked = asked.saturating_add(1);
        }
    }

    /// What is asked for each member of a list.
    fn for_each_of(&self, over: &Expr, inner: &Questions, found: &mut Questions) {
        for ((name, around), times) in inner {
            let mut around = around.clone();
            let mut times = *times;
            match (written_out(over), name_of(self.typed, &over.ty)) {
                (Some(members), _) => times = times.saturating_mul(members),
                (None, Some(list)) if around.len() < DEEPEST_LOOPS => around.push(list),
                // A list of its own kind around it has no number.
                _ => around.push(name.clone()),
            }
            let asked = found.entry((name.clone(), around)).or_default();
            *asked = asked.saturating_add(times);
        }
    }
}

fn add(to: &mut Questions, more: &Questions) {
    for (of, times) in more {
        let asked = to.entry(of.clone()).or_default();
        *asked = asked.saturating_add(*times);
    }
}

/// The number of members of a list that stands where it is used.
fn written_out(list: &Expr) -> Option<u32> {
    let members = match &list.kind {
        ExprKind::List(members) => members.len(),
        ExprKind::Const(Value::List(members) | Value::Set(members)) => members.len(),
        ExprKind::ToOptional(inner) => return written_out(inner),
        _ => return None,
    };
    Some(u32::try_from(members).unwrap_or(u32::MAX))
}

/// Lists of one type of member share their uses: so whatever a list is called on the way, none of its uses is missed.
fn name_of(typed: &Typed, ty: &Type) -> Option<String> {
    match ty {
        Type::Optional(inner) => name_of(typed, inner),
        Type::List(of) | Type::Set(of) => Some(match of.as_ref() {
            Type::Record(record) | Type::Key(record) => {
                typed.records.get(record.0 as usize).map(|record| record.name.clone()).unwrap_or_default()
            }
            Type::Enum(id) => typed.enums.get(id.0 as usize).map(|shape| shape.name.clone()).unwrap_or_default(),
            other => format!("{other:?}"),
        }),
        Type::Map(..) => Some("map".to_owned()),
        _ => None,
    }
}
