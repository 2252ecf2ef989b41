//! What an answer says in one sentence: to the model, what it may do next; to a person, what was decided and by which line.

use super::judge::By;
use crate::answer::{Builtin, Fired, Retry};
use crate::bind::{self, Audience};
use crate::eval::{Counting, Verdict};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{Effect, ExprId, LimitId, Op, RuleId, RuleKind};

/// The most characters of arguments that a sentence quotes.
const QUOTED: usize = 200;

/// A rule as answers tell it.
pub(crate) fn fired(policy: &Policy, rule: RuleId) -> Fired {
    let program = policy.program();
    match program.rules.get(rule.index()) {
        Some(shape) => Fired {
            rule: shape.name.clone(),
            effect: shape.effect,
            because: shape.because.clone(),
            place: Some((program.files.get(shape.place.file as usize).cloned().unwrap_or_default(), shape.place.line)),
        },
        None => Fired { rule: String::new(), effect: Effect::Deny, because: None, place: None },
    }
}

/// What decided, as answers tell it.
pub(crate) fn by(policy: &Policy, by: By) -> Fired {
    match by {
        By::Rule(rule) => fired(policy, rule),
        By::Builtin(builtin, effect) => Fired { rule: builtin.name().to_owned(), effect, because: None, place: None },
    }
}

/// `by `once` (refunds.agentpolicy:72): The reason`.
pub(crate) fn by_words(by: &Fired) -> String {
    let place = by.place.as_ref().map_or(String::new(), |(file, line)| format!(" ({file}:{line})"));
    let because = by.because.as_ref().map_or(String::new(), |because| format!(": {}", because.trim_end_matches('.')));
    format!("by `{}`{place}{because}", by.rule)
}

/// `refund {"amount":40}`, cut where it is long.
pub(crate) fn call_words(verb: &str, args: &Json) -> String {
    let text = args.to_string();
    let mut cut: String = text.chars().take(QUOTED).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("`{verb} {cut}`")
}

/// Why a limit or gate denies a call, for the person; other rules say it themselves.
pub(crate) fn why_denied(policy: &Policy, by: By, counts: &[(LimitId, Counting)]) -> Option<String> {
    let By::Rule(rule) = by else { return None };
    let program = policy.program();
    match &program.rules.get(rule.index())?.kind {
        RuleKind::Limit(id, _) => {
            let (_, counting) = counts.iter().find(|(limit, _)| limit == id)?;
            match counting.verdict {
                Verdict::Within => None,
                Verdict::Beyond => {
                    let bound = program.exprs.get(program.limits.get(id.index())?.bound.index())?;
                    let bound = match bound.secret {
                        true => "its bound".to_owned(),
                        false => bind::words(policy, bound.ty, &counting.bound, Audience::Person),
                    };
                    Some(format!("the calls counted so far and this one come to more than {bound}"))
                }
                Verdict::Negative => Some("it counts a negative amount, which would take something back".to_owned()),
                Verdict::Full => Some("its counter holds as many entries as it may".to_owned()),
            }
        }
        RuleKind::Gate(_) => Some("it was asked before in this run and not approved".to_owned()),
        _ => None,
    }
}

/// What the model is told of a denial.
pub(crate) fn denied(policy: &Policy, verb: &str, by: By, retry: Retry) -> String {
    match (by, retry) {
        (By::Builtin(Builtin::Unclear, _), _) => {
            format!("it is not known whether an earlier `{verb}` took effect; do not repeat it before that is settled")
        }
        (By::Builtin(Builtin::RunFull, _), _) => "this run has grown too large; make no more calls".to_owned(),
        (By::Rule(rule), Retry::AfterData) => match wanted(policy, rule) {
            Some(first) => format!("`{verb}` is not permitted yet; call `{first}` first"),
            None => format!("`{verb}` is not permitted yet; something must be looked up first"),
        },
        (_, Retry::AfterData) => format!("`{verb}` is not permitted yet; something must be known first"),
        (_, Retry::After(time)) => format!("`{verb}` is not permitted now; it may be after {time}"),
        (_, Retry::WithOtherArguments) => format!("`{verb}` is not permitted with these arguments; it may be with others"),
        (_, Retry::No | Retry::AfterApproval | Retry::AfterResume) => {
            format!("`{verb}` is not permitted; do not call it again like this")
        }
    }
}

/// The verb that a prerequisite asks for, by its name on the wire.
fn wanted(policy: &Policy, rule: RuleId) -> Option<&str> {
    let program = policy.program();
    let rule = program.rules.get(rule.index()).filter(|rule| rule.kind == RuleKind::Require)?;
    let mut open: Vec<ExprId> = rule.condition.into_iter().collect();
    while let Some(expr) = open.pop() {
        match &program.exprs.get(expr.index())?.op {
            Op::Required { verb, .. } => return program.verbs.get(verb.index()).map(|verb| verb.wire.as_str()),
            Op::Not(inner) => open.push(*inner),
            Op::And(parts) | Op::Or(parts) => open.extend(parts),
            _ => {}
        }
    }
    None
}
