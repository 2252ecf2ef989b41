//! What two policies must have in common before their rules can be compared, and what is the same in both without a look at its meaning.

use super::{Differ, Obstacle, Side};
use crate::diagnostic::text::{snippet, type_name};
use crate::logic::effect_of;
use crate::typed::{Expr, ExprKind, Field, Job, JobId, Limit, Loc, Measure, Rule, RuleKind, Type, Typed, VerbId};
use agentc_grammar::token::tokenize;
use agentc_runtime::program::Effect;
use std::collections::BTreeSet;

type Place = (JobId, VerbId);

/// Whether all that decides the verb is written the same in both policies: its rules, and whatever is declared.
pub(super) fn is_same(differ: &Differ<'_>, old: Place, new: Place) -> bool {
    written(differ.typed(Side::Old), old) == written(differ.typed(Side::New), new)
}

/// The words that decide a verb: of its declaration, of the rules that it meets with the conditions around them, of every name that
/// expressions may use.
fn written(typed: &Typed, (job, verb): Place) -> Vec<String> {
    let job = typed.jobs.get(job.index());
    let mut words = Vec::new();
    if let Some(verb) = typed.verbs.get(verb.index()) {
        words.extend(verb.params.iter().map(|param| named_form(typed, &param.field)));
        words.extend(
            verb.undo.iter().flat_map(|undo| &undo.args).map(|(at, value)| format!("undo {at} {}", text(typed, value.loc))),
        );
    }
    for rule in job.into_iter().flat_map(|job| &job.rules).filter(|rule| meets(rule, verb)) {
        words.push(text(typed, rule.loc));
        rule.condition.iter().for_each(|condition| parts(condition, &mut |loc| words.push(text(typed, loc))));
        expressions(rule, &mut |expr| words.push(text(typed, expr.loc)));
    }
    let of_job = job.into_iter().flat_map(|job| [&job.input, &job.environment, &job.signals]);
    for fields in of_job.chain([&typed.agent, &typed.user]) {
        words.extend(fields.iter().map(|field| named_form(typed, field)));
    }
    words.extend(typed.enums.iter().map(|one| format!("{} {:?}", one.name, one.variants)));
    for record in &typed.records {
        words.push(format!("{} {:?}", record.name, record.key));
        words.extend(record.fields.iter().map(|field| named_form(typed, field)));
    }
    for function in &typed.fns {
        let params: Vec<String> =
            function.params.iter().map(|(_, name, ty)| format!("{name}: {}", type_name(ty, typed))).collect();
        words.push(format!("{}({}) = {}", function.name, params.join(", "), text(typed, function.body.loc)));
    }
    let lets: BTreeSet<(String, String)> = typed.lets.iter().map(|one| (one.name.clone(), text(typed, one.value.loc))).collect();
    words.extend(lets.into_iter().map(|(name, value)| format!("{name} = {value}")));
    words
}

fn named_form(typed: &Typed, field: &Field) -> String {
    format!("{}: {}", field.name, form(typed, field))
}

/// The parts of a condition, which may come from around the rule.
fn parts(condition: &Expr, put: &mut dyn FnMut(Loc)) {
    match &condition.kind {
        ExprKind::And(inner) => inner.iter().for_each(|part| parts(part, put)),
        ExprKind::Not(inner) => parts(inner, put),
        _ => put(condition.loc),
    }
}

/// Whether a rule bears on calls of a verb, itself or as the gate that a limit names.
fn meets(rule: &Rule, verb: VerbId) -> bool {
    let of_all = rule.verbs.is_empty() || matches!(rule.kind, RuleKind::OnFailure { .. });
    !rule.shadow && (of_all || rule.verbs.contains(&verb) || effect_of(rule) == Effect::Ask)
}

/// The tokens of a place.
fn text(typed: &Typed, loc: Loc) -> String {
    let source = typed.files.get(loc.file.index()).map_or("", |file| file.text.as_str());
    let text = loc.span.text(source);
    let tokens = tokenize(text);
    let words: Vec<&str> = tokens.list.iter().filter(|token| !token.kind.is_trivia()).map(|&token| tokens.text(token)).collect();
    words.join(" ")
}

/// The first thing that means another in the other policy, so that one call cannot be looked at in both.
pub(super) fn incomparable(differ: &Differ<'_>, old: Place, new: Place) -> Option<Obstacle> {
    let [before, now] = [Side::Old, Side::New].map(|side| differ.typed(side));
    let (old_job, new_job) = (before.jobs.get(old.0.index())?, now.jobs.get(new.0.index())?);
    let (old_verb, new_verb) = (before.verbs.get(old.1.index())?, now.verbs.get(new.1.index())?);
    let differs = |loc: Loc, what: String| Some(Obstacle { side: Side::New, loc, what });
    let params = |verb: &crate::typed::Verb| verb.params.iter().map(|param| param.field.clone()).collect::<Vec<Field>>();
    let pairs: [(Vec<Field>, Vec<Field>, &str); 6] = [
        (params(old_verb), params(new_verb), "parameter"),
        (old_job.input.clone(), new_job.input.clone(), "input"),
        (old_job.environment.clone(), new_job.environment.clone(), "environment value"),
        (old_job.signals.clone(), new_job.signals.clone(), "signal"),
        (before.agent.clone(), now.agent.clone(), "attribute of the agent"),
        (before.user.clone(), now.user.clone(), "attribute of the user"),
    ];
    for (had, has, what) in &pairs {
        for field in has {
            let known = had.iter().find(|known| known.name == field.name);
            match known {
                Some(known) if form(before, known) != form(now, field) => {
                    return differs(field.loc, format!("the {what} `{}` has another type than before", field.name));
                }
                None if *what == "parameter" => return differs(field.loc, format!("the parameter `{}` is new", field.name)),
                _ => {}
            }
        }
        if let Some(gone) = had.iter().find(|known| *what == "parameter" && has.iter().all(|field| field.name != known.name)) {
            return differs(new_verb.loc, format!("the parameter `{}` is gone", gone.name));
        }
    }
    types(before, now, old, new)
        .or_else(|| counters(before, now, old_job, new_job, new.1))
        .or_else(|| history(before, now, new_job, new.1))
}

/// What a field is: type, place in JSON, encoding.
fn form(typed: &Typed, field: &Field) -> String {
    format!("{} {:?} {:?}", type_name(&field.ty, typed), field.path, field.encoding)
}

/// Enums and records that the verb's rules may read, and that are declared differently.
fn types(before: &Typed, now: &Typed, old: Place, new: Place) -> Option<Obstacle> {
    let mut reached = Reached::default();
    reached.place(before, old);
    let mut reached_now = Reached::default();
    reached_now.place(now, new);
    reached.enums.append(&mut reached_now.enums);
    reached.records.append(&mut reached_now.records);
    let variants = |one: &crate::typed::Enum| {
        one.variants.iter().map(|variant| (variant.name.clone(), variant.texts.clone())).collect::<Vec<_>>()
    };
    for one in now.enums.iter().filter(|one| reached.enums.contains(&one.name)) {
        if let Some(known) = before.enums.iter().find(|known| known.name == one.name)
            && variants(known) != variants(one)
        {
            return Some(Obstacle {
                side: Side::New,
                loc: one.loc,
                what: format!("the enum `{}` has other variants than before", one.name),
            });
        }
    }
    for one in now.records.iter().filter(|one| reached.records.contains(&one.name)) {
        let Some(known) = before.records.iter().find(|known| known.name == one.name) else { continue };
        for field in &one.fields {
            if let Some(had) = known.fields.iter().find(|had| had.name == field.name)
                && form(before, had) != form(now, field)
            {
                let what = format!("`{}.{}` has another type than before", one.name, field.name);
                return Some(Obstacle { side: Side::New, loc: field.loc, what });
            }
        }
    }
    None
}

/// The named types that a verb's parameters and rules speak of.
#[derive(Default)]
struct Reached {
    enums: BTreeSet<String>,
    records: BTreeSet<String>,
}

impl Reached {
    fn place(&mut self, typed: &Typed, (job, verb): Place) {
        let params = typed.verbs.get(verb.index()).map(|verb| verb.params.as_slice()).unwrap_or_default();
        params.iter().for_each(|param| self.ty(typed, &param.field.ty));
        let rules = typed.jobs.get(job.index()).map(|job| job.rules.as_slice()).unwrap_or_default();
        for rule in rules.iter().filter(|rule| meets(rule, verb)) {
            expressions(rule, &mut |expr| self.expr(typed, expr));
        }
        typed.lets.iter().for_each(|one| self.expr(typed, &one.value));
        typed.fns.iter().for_each(|one| self.expr(typed, &one.body));
    }

    fn expr(&mut self, typed: &Typed, expr: &Expr) {
        self.ty(typed, &expr.ty);
        expr.kind.operands().into_iter().for_each(|operand| self.expr(typed, operand));
    }

    fn ty(&mut self, typed: &Typed, ty: &Type) {
        match ty {
            Type::Enum(id) => {
                self.enums.extend(typed.enums.get(id.0 as usize).map(|one| one.name.clone()));
            }
            Type::Key(id) | Type::Record(id) => {
                let Some(record) = typed.records.get(id.0 as usize) else { return };
                if self.records.insert(record.name.clone()) {
                    record.fields.iter().for_each(|field| self.ty(typed, &field.ty));
                }
            }
            Type::List(of) | Type::Set(of) | Type::Optional(of) => self.ty(typed, of),
            Type::Map(key, of) => {
                self.ty(typed, key);
                self.ty(typed, of);
            }
            _ => {}
        }
    }
}

/// A limit that has kept its name and counts something else: what it holds before the call cannot be the same in both.
fn counters(before: &Typed, now: &Typed, old: &Job, new: &Job, verb: VerbId) -> Option<Obstacle> {
    for rule in new.rules.iter().filter(|rule| meets(rule, verb)) {
        let RuleKind::Limit(limit) = &rule.kind else { continue };
        let known = old.rules.iter().find(|known| known.name == rule.name);
        let Some((known, had)) = known.and_then(|known| match &known.kind {
            RuleKind::Limit(had) => Some((known, had)),
            _ => None,
        }) else {
            continue;
        };
        if counts(before, known, had) != counts(now, rule, limit) {
            return Some(Obstacle {
                side: Side::New,
                loc: rule.loc,
                what: format!("the limit `{}` counts otherwise than before", rule.name),
            });
        }
    }
    None
}

/// What a limit counts, by its words.
fn counts(typed: &Typed, rule: &Rule, limit: &Limit) -> Vec<String> {
    let mut words = vec![format!("{:?} {:?}", limit.window, limit.capacity)];
    words.push(match &limit.measure {
        Measure::Count => "count".to_owned(),
        Measure::CountDistinct(value) => format!("distinct {}", text(typed, value.loc)),
        Measure::Sum(value) => format!("sum {}", text(typed, value.loc)),
        // It counts nothing of its own.
        Measure::Value(_) => return Vec::new(),
    });
    words.extend(limit.by.iter().map(|key| text(typed, key.loc)));
    words.push("when".to_owned());
    rule.condition.iter().for_each(|condition| parts(condition, &mut |loc| words.push(text(typed, loc))));
    let mut verbs: Vec<String> = rule.verbs.iter().map(|verb| crate::diagnostic::text::verb_name(*verb, typed)).collect();
    verbs.sort();
    words.extend(verbs);
    words
}

/// Names with other meanings, where the rules speak of earlier calls: those are compared by their words.
fn history(before: &Typed, now: &Typed, job: &Job, verb: VerbId) -> Option<Obstacle> {
    let meanings = |typed: &Typed| -> BTreeSet<(String, String)> {
        let lets = typed.lets.iter().map(|one| (one.name.clone(), text(typed, one.value.loc)));
        let fns = typed.fns.iter().map(|one| (one.name.clone(), text(typed, one.body.loc)));
        lets.chain(fns).collect()
    };
    let (had, has) = (meanings(before), meanings(now));
    let changed: BTreeSet<&str> = has.symmetric_difference(&had).map(|(name, _)| name.as_str()).collect();
    if changed.is_empty() {
        return None;
    }
    let mut found = None;
    for rule in job.rules.iter().filter(|rule| meets(rule, verb)) {
        expressions(rule, &mut |expr| {
            let mut queue = vec![expr];
            while let Some(expr) = queue.pop() {
                if found.is_none() && matches!(expr.kind, ExprKind::History(..) | ExprKind::Last(..)) {
                    found = Some(expr.loc);
                }
                queue.extend(expr.kind.operands());
            }
        });
    }
    let what = |loc| {
        format!(
            "`{}` is about earlier calls, and `{}` means something else than before",
            snippet(loc, now),
            changed.first().unwrap_or(&"")
        )
    };
    found.map(|loc| Obstacle { side: Side::New, loc, what: what(loc) })
}

/// The expressions that decide a rule.
fn expressions(rule: &Rule, visit: &mut dyn FnMut(&Expr)) {
    rule.condition.iter().for_each(&mut *visit);
    match &rule.kind {
        RuleKind::Limit(limit) => {
            visit(&limit.bound);
            limit.by.iter().for_each(&mut *visit);
            if let Measure::Value(value) | Measure::Sum(value) | Measure::CountDistinct(value) = &limit.measure {
                visit(value);
            }
        }
        RuleKind::Require { args, .. } => args.iter().for_each(|(_, value)| visit(value)),
        _ => {}
    }
}
