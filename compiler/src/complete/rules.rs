//! Rules: their verbs, their conditions and what they do.

use super::Completer;
use super::naming::RuleName;
use super::unfold::{Home, Unfolded};
use crate::check::{Effect, Scope};
use crate::diagnostic::codes::{AlwaysStops, NotPositive, ShowingOfWrite};
use crate::resolve::loc;
use crate::typed::{Access, Expr, ExprKind, FileId, JobId, Provenance, Rule, RuleKind, Type, VerbId};
use agentc_grammar::ast::{self, Guard, MemberKind};
use agentc_grammar::span::Spanned;

/// What all rules have.
struct Parts<'m> {
    targets: &'m [ast::Target],
    guards: &'m [Guard],
    because: Option<&'m Spanned<String>>,
    /// What an `allow` says its verbs are.
    access: Option<Access>,
}

impl<'m> Parts<'m> {
    fn of(kind: &'m MemberKind) -> Self {
        let (targets, guards, because): (&[ast::Target], &[Guard], _) = match kind {
            MemberKind::Allow(rule) => (&rule.targets, &rule.guards, rule.because.as_ref()),
            MemberKind::Never(rule) => (&rule.targets, &rule.guards, rule.because.as_ref()),
            MemberKind::Gate(rule) => (&rule.targets, &rule.guards, rule.because.as_ref()),
            MemberKind::Escalate(rule) => (&rule.targets, &rule.guards, rule.because.as_ref()),
            MemberKind::OnFailure(rule) => (&rule.targets, &[], rule.because.as_ref()),
            MemberKind::Require(rule) => (&rule.targets, &rule.guards, rule.because.as_ref()),
            MemberKind::Limit(rule) => (&rule.targets, &rule.guards, rule.because.as_ref()),
            _ => (&[], &[], None),
        };
        let access = match kind {
            MemberKind::Allow(rule) => Some(rule.access.node),
            _ => None,
        };
        Self { targets, guards, because, access }
    }
}

impl<'a> Completer<'a, '_> {
    /// One rule, and whether all its verbs are known. Where a part of it has an error, the rule stands without it, so that others can
    /// still name it.
    pub(super) fn complete_rule(&mut self, job: JobId, unfolded: &Unfolded<'a>, name: RuleName) -> (Rule, bool) {
        let (member, home) = (unfolded.member, unfolded.home);
        let parts = Parts::of(&member.kind);
        let named = match parts.access {
            Some(said) => self.allowed(home.file, parts.targets, said),
            None => self.targets(home.file, parts.targets),
        };
        let (unknown, sure) = (named.unknown(), named.sure);
        let mut rule = Rule {
            name: name.text,
            named: name.named,
            kind: RuleKind::Never,
            verbs: named.verbs,
            condition: None,
            because: parts.because.map(|text| text.node.clone()),
            shadow: member.shadow.is_some(),
            loc: loc(home.file, member.span),
        };
        if !unknown {
            rule.condition = self.condition(job, unfolded, &parts, &rule.verbs);
            if let Some(kind) = self.kind(job, unfolded, &rule.verbs) {
                rule.kind = kind;
            }
        }
        (rule, sure)
    }

    /// What a rule does; `None` where an error was reported.
    fn kind(&mut self, job: JobId, unfolded: &Unfolded<'a>, verbs: &[VerbId]) -> Option<RuleKind> {
        let (member, home) = (unfolded.member, unfolded.home);
        let scope = scope(job, home, verbs);
        match &member.kind {
            MemberKind::Allow(allow) => Some(self.allow(home.file, allow, &scope)),
            MemberKind::Gate(gate) => Some(RuleKind::Gate(self.gate(home.file, gate, &scope))),
            MemberKind::Escalate(escalate) => {
                if escalate.targets.is_empty() && escalate.guards.is_empty() && unfolded.around.is_empty() {
                    self.report(AlwaysStops { loc: loc(home.file, member.span) });
                }
                Some(RuleKind::Escalate)
            }
            MemberKind::OnFailure(failure) => Some(RuleKind::OnFailure { tries: self.tries(home.file, failure.tries.as_ref()) }),
            MemberKind::Require(require) => self.require(home.file, require, &scope),
            MemberKind::Limit(limit) => self.limit(home.file, limit, &scope).map(RuleKind::Limit),
            _ => Some(RuleKind::Never),
        }
    }

    /// The conditions around a rule and its own, each seen from where it is written, joined by `and`.
    fn condition(&mut self, job: JobId, unfolded: &Unfolded<'a>, parts: &Parts<'_>, verbs: &[VerbId]) -> Option<Expr> {
        let mut groups: Vec<(Home<'a>, Vec<&Guard>)> = Vec::new();
        let around = unfolded.around.iter().map(|around| (around.home, &*around.guard));
        for (home, guard) in around.chain(parts.guards.iter().map(|guard| (unfolded.home, guard))) {
            match groups.last_mut() {
                Some((last, group)) if *last == home => group.push(guard),
                _ => groups.push((home, vec![guard])),
            }
        }
        let checked: Vec<_> =
            groups.into_iter().map(|(home, group)| self.checker.condition(group, &scope(job, home, verbs))).collect();
        // Where a part has an error, the others alone would be another condition, and trust cannot be judged.
        let checked: Vec<Option<Expr>> = checked.into_iter().collect::<Result<_, _>>().ok()?;
        let condition = all(checked.into_iter().flatten().collect())?;
        self.checker.judge(&condition, if parts.access.is_some() { Effect::Allow } else { Effect::Restriction });
        Some(condition)
    }

    fn allow(&mut self, file: FileId, allow: &ast::Allow, scope: &Scope) -> RuleKind {
        let access = allow.access.node;
        let narrows =
            [("showing", allow.rows.as_ref().map(|rows| rows.span)), ("hiding", allow.hiding.first().map(|field| field.span))];
        if access == Access::Write {
            for (clause, span) in narrows {
                if let Some(span) = span {
                    self.report(ShowingOfWrite { clause, loc: loc(file, span) });
                }
            }
            return RuleKind::Allow { access, rows: None, hiding: Vec::new() };
        }
        let rows = allow.rows.as_ref().and_then(|rows| self.checker.rows(rows, scope).ok());
        if let Some((_, condition)) = &rows {
            self.checker.judge(condition, Effect::Rows);
        }
        let hiding = match allow.hiding.as_slice() {
            [] => Vec::new(),
            fields => self.checker.hiding(fields, scope).unwrap_or_default(),
        };
        RuleKind::Allow { access, rows, hiding }
    }

    fn tries(&mut self, file: FileId, tries: Option<&Spanned<i64>>) -> u32 {
        let Some(written) = tries else { return 1 };
        match u32::try_from(written.node) {
            Ok(tries) if tries > 0 => tries,
            _ => {
                self.report(NotPositive { what: "after … tries", least: "1", loc: loc(file, written.span) });
                1
            }
        }
    }

    fn require(&mut self, file: FileId, require: &ast::Require, scope: &Scope) -> Option<RuleKind> {
        let within = require.within.as_ref().map(|within| self.positive("within", file, within));
        let since_last = match &require.since_last {
            None => None,
            Some(path) => Some(self.verb(file, path)?),
        };
        let verb = self.verb(file, &require.verb)?;
        let place = require.args.iter().fold(require.verb.span, |span, (_, value)| span.to(value.span));
        let args = self.checker.arguments(verb, &require.args, place, scope).ok()?;
        Some(RuleKind::Require { verb, args, within, since_last })
    }
}

/// Where the parts of a rule are seen from.
pub(super) fn scope(job: JobId, home: Home<'_>, verbs: &[VerbId]) -> Scope {
    let scope = Scope::rule(home.file, job, verbs);
    match home.rule_set {
        Some(name) => scope.in_rule_set(name),
        None => scope,
    }
}

/// Several conditions as one.
fn all(mut parts: Vec<Expr>) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let provenance = parts.iter().fold(Provenance::empty(), |joined, part| joined | part.provenance);
    let loc = parts.last()?.loc;
    Some(Expr { kind: ExprKind::And(parts), ty: Type::Bool, provenance, loc })
}
