//! Which fields of records rules read: two readings differ only in those.

use super::value::Val;
use agentc_compiler::typed::{Approver, ApproverKind, Expr, ExprKind, Measure, RecordId, Rule, RuleKind, Show, Type, Typed};
use std::collections::BTreeSet;

/// Fields of records.
pub type Fields = BTreeSet<(RecordId, u32)>;

/// What stands for a field that no rule reads.
pub const UNREAD: &str = "not read";

/// A value without the fields that no rule reads: answers tell nothing of them.
pub fn only_read(typed: &Typed, read: &Fields, ty: &Type, value: &Val) -> Val {
    let again = |ty: &Type, value: &Val| only_read(typed, read, ty, value);
    match (ty, value) {
        (Type::Optional(inner), value) if *value != Val::None => again(inner, value),
        (Type::List(inner), Val::List(members)) => Val::List(members.iter().map(|member| again(inner, member)).collect()),
        (Type::Set(inner), Val::Set(members)) => Val::Set(members.iter().map(|member| again(inner, member)).collect()),
        (Type::Map(_, inner), Val::Map(entries)) => {
            Val::Map(entries.iter().map(|(key, member)| (key.clone(), again(inner, member))).collect())
        }
        (Type::Record(id), Val::Record(fields)) => {
            let declared = &typed.records[id.0 as usize].fields;
            let kept = (0u32..).zip(fields.iter().zip(declared)).map(|(index, (value, field))| {
                if read.contains(&(*id, index)) {
                    value.clone().map(|value| again(&field.ty, &value))
                } else {
                    Err(UNREAD.to_owned())
                }
            });
            Val::Record(kept.collect())
        }
        _ => value.clone(),
    }
}

/// Whether two values of one type are equal in the fields that rules read.
pub fn equal_in(typed: &Typed, read: &Fields, ty: &Type, left: &Val, right: &Val) -> bool {
    match (ty, left, right) {
        (Type::Optional(inner), left, right) if *left != Val::None && *right != Val::None => {
            equal_in(typed, read, inner, left, right)
        }
        (Type::List(inner) | Type::Set(inner), Val::List(left) | Val::Set(left), Val::List(right) | Val::Set(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal_in(typed, read, inner, left, right))
        }
        (Type::Map(_, inner), Val::Map(left), Val::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| left.0 == right.0 && equal_in(typed, read, inner, &left.1, &right.1))
        }
        (Type::Record(id), Val::Record(left), Val::Record(right)) => {
            let fields = &typed.records[id.0 as usize].fields;
            (0u32..).zip(fields).filter(|(index, _)| read.contains(&(*id, *index))).all(|(index, field)| {
                match (&left[index as usize], &right[index as usize]) {
                    (Ok(left), Ok(right)) => equal_in(typed, read, &field.ty, left, right),
                    (left, right) => left.is_err() == right.is_err(),
                }
            })
        }
        (_, left, right) => left == right,
    }
}

/// The fields that rules read.
pub fn fields_read(typed: &Typed) -> Fields {
    let mut read = Fields::new();
    for (index, record) in (0u32..).zip(&typed.records) {
        read.extend(record.key.iter().map(|field| (RecordId(index), *field)));
    }
    for expr in expressions(typed) {
        note(typed, expr, &mut read);
    }
    for expr in typed.verbs.iter().flat_map(|verb| &verb.undo).flat_map(|undo| undo.args.iter().map(|(_, value)| value)) {
        whole(typed, &expr.ty, &mut read);
    }
    for job in &typed.jobs {
        let handoff = job.handoff.iter().flat_map(|handoff| shown(&handoff.show));
        for expr in handoff.chain(job.rules.iter().flat_map(looked_at_whole)) {
            whole(typed, &expr.ty, &mut read);
        }
    }
    read
}

/// What a rule shows, passes on, or counts by: `equal arguments`, `by KEY`, `count(distinct x)` are about whole values.
fn looked_at_whole(rule: &Rule) -> Vec<&Expr> {
    match &rule.kind {
        RuleKind::Gate(gate) => shown(&gate.show).collect(),
        RuleKind::Require { args, .. } => args.iter().map(|(_, value)| value).collect(),
        RuleKind::Limit(limit) => {
            let distinct = match &limit.measure {
                Measure::CountDistinct(value) => Some(value),
                Measure::Count | Measure::Sum(_) | Measure::Value(_) => None,
            };
            limit.by.iter().chain(distinct).collect()
        }
        _ => Vec::new(),
    }
}

/// Every expression of the policy but those of its tests and proofs.
fn expressions(typed: &Typed) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    all.extend(typed.fns.iter().map(|function| &function.body));
    all.extend(typed.lets.iter().map(|named| &named.value));
    for verb in &typed.verbs {
        all.extend(verb.changes.iter().flat_map(|change| &change.key));
        all.extend(verb.undo.iter().flat_map(|undo| undo.args.iter().map(|(_, value)| value)));
    }
    for job in &typed.jobs {
        all.extend(&job.done);
        all.extend(job.handoff.iter().flat_map(|handoff| shown(&handoff.show)));
        all.extend(job.pause_by.iter().chain(&job.resume_by).chain(&job.undo_by).filter_map(named));
        for rule in &job.rules {
            all.extend(&rule.condition);
            match &rule.kind {
                RuleKind::Allow { rows: Some((_, condition)), .. } => all.push(condition),
                RuleKind::Gate(gate) => {
                    all.extend(shown(&gate.show));
                    all.extend(super::approvals::stages(gate).flatten().filter_map(named));
                }
                RuleKind::Require { args, .. } => all.extend(args.iter().map(|(_, value)| value)),
                RuleKind::Limit(limit) => {
                    all.push(&limit.bound);
                    all.extend(&limit.by);
                    match &limit.measure {
                        Measure::Count => {}
                        Measure::CountDistinct(value) | Measure::Sum(value) | Measure::Value(value) => all.push(value),
                    }
                }
                _ => {}
            }
        }
    }
    all
}

fn named(approver: &Approver) -> Option<&Expr> {
    match &approver.who {
        ApproverKind::Identity(expr) => Some(expr),
        ApproverKind::Role(_) | ApproverKind::User => None,
    }
}

fn shown(shows: &[Show]) -> impl Iterator<Item = &Expr> {
    shows.iter().filter_map(|show| match show {
        Show::Value(_, value) => Some(value),
        Show::Trace | Show::Arguments => None,
    })
}

/// Follows an expression: which fields it takes out of records, and what it looks at whole.
fn note(typed: &Typed, expr: &Expr, read: &mut Fields) {
    if let ExprKind::Field(of, index) = &expr.kind
        && let Type::Record(record) = without_optional(&of.ty)
    {
        read.insert((*record, *index));
    }
    for part in parts(expr) {
        note(typed, part, read);
    }
    // Comparisons, memberships, choices by value and library functions look at all of their operands.
    match &expr.kind {
        ExprKind::Compare(..) | ExprKind::In(..) | ExprKind::Call(..) | ExprKind::List(_) => {
            parts(expr).iter().for_each(|part| whole(typed, &part.ty, read));
        }
        ExprKind::Match(subjects, _) => subjects.iter().for_each(|subject| whole(typed, &subject.ty, read)),
        _ => {}
    }
}

fn whole(typed: &Typed, ty: &Type, read: &mut Fields) {
    let mut inside = BTreeSet::new();
    records_in(typed, ty, &mut inside);
    for record in inside {
        let fields = (0u32..).zip(&typed.records[record.0 as usize].fields);
        read.extend(fields.map(|(index, _)| (record, index)));
    }
}

/// The records that a value of this type may hold.
fn records_in(typed: &Typed, ty: &Type, found: &mut BTreeSet<RecordId>) {
    match ty {
        Type::List(inner) | Type::Set(inner) | Type::Optional(inner) | Type::Map(_, inner) => records_in(typed, inner, found),
        Type::Record(record) if found.insert(*record) => {
            typed.records[record.0 as usize].fields.iter().for_each(|field| records_in(typed, &field.ty, found));
        }
        _ => {}
    }
}

fn without_optional(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => without_optional(inner),
        other => other,
    }
}

/// The expressions directly inside one.
pub fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Arg(_)
        | ExprKind::Local(_)
        | ExprKind::Input(_)
        | ExprKind::Environment(_)
        | ExprKind::Identity(..)
        | ExprKind::Signal(_)
        | ExprKind::Run(_)
        | ExprKind::Now
        | ExprKind::Let(_)
        | ExprKind::PastArg(_)
        | ExprKind::PastResult => Vec::new(),
        ExprKind::Field(one, _)
        | ExprKind::Not(one)
        | ExprKind::Negate(one)
        | ExprKind::ToDecimal(one)
        | ExprKind::ToOptional(one)
        | ExprKind::ToKey(one)
        | ExprKind::IsAbsent(one)
        | ExprKind::Matches(one, _)
        | ExprKind::ZonePart(_, one) => vec![one],
        ExprKind::Compare(_, one, two)
        | ExprKind::In(one, two)
        | ExprKind::Arithmetic(_, one, two)
        | ExprKind::Coalesce(one, two)
        | ExprKind::MapGet(one, two)
        | ExprKind::Quantified(_, _, one, two)
        | ExprKind::InZone(one, two) => vec![one, two],
        ExprKind::InRange(one, two, three) | ExprKind::If(one, two, three) | ExprKind::At(one, two, three) => {
            vec![one, two, three]
        }
        ExprKind::Lookup(_, all)
        | ExprKind::CallFn(_, all)
        | ExprKind::Call(_, all)
        | ExprKind::And(all)
        | ExprKind::Or(all)
        | ExprKind::CompositeKey(all)
        | ExprKind::List(all) => all.iter().collect(),
        ExprKind::AllZip { over, body, .. } => vec![&over.0, &over.1, body],
        ExprKind::Match(subjects, arms) => subjects.iter().chain(arms.iter().map(|arm| &arm.value)).collect(),
        ExprKind::History(_, _, filter) | ExprKind::Last(_, filter, _) => filter.iter().map(AsRef::as_ref).collect(),
        ExprKind::RecordLiteral(fields) => fields.iter().map(|(_, value)| value).collect(),
        ExprKind::MapLiteral(entries) => entries.iter().map(|(_, value)| value).collect(),
    }
}
