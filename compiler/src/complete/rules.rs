//! Rules: their verbs, their conditions and what they do.

use super::Completer;
use super::naming::RuleName;
use super::unfold::{Home, Unfolded};
use crate::check::{Effect, Scope};
use crate::diagnostic::codes::{AlwaysStops, NoSuchVerbs, NotPositive, ShowingOfWrite, WildcardWrite, WrongAccess};
use crate::resolve::{Target, loc};
use crate::typed::{Access, Expr, ExprKind, FileId, JobId, Provenance, Rule, RuleKind, Type, VerbId};
use agentc_grammar::ast::{self, Guard, MemberKind};
use agentc_grammar::span::Spanned;

impl<'a> Completer<'a, '_> {
    /// One rule. Where a part of it has an error, the rule stands without it, so that others can still name it.
    pub(super) fn complete_rule(&mut self, job: JobId, unfolded: &Unfolded<'a>, name: RuleName) -> Rule {
        let (member, home) = (unfolded.member, unfolded.home);
        let file = home.file;
        let mut rule = Rule {
            name: name.text,
            named: name.named,
            kind: RuleKind::Never,
            verbs: Vec::new(),
            condition: None,
            because: None,
            shadow: member.shadow.is_some(),
            loc: loc(file, member.span),
        };
        match &member.kind {
            MemberKind::Allow(allow) => {
                rule.verbs = self.allowed_verbs(file, allow);
                rule.condition = self.condition(job, unfolded, &allow.guards, &rule.verbs, Effect::Allow);
                rule.because = words(allow.because.as_ref());
                rule.kind = self.allow(job, home, allow, &rule.verbs);
            }
            MemberKind::Never(never) => {
                rule.verbs = self.targets(file, &never.targets);
                rule.condition = self.condition(job, unfolded, &never.guards, &rule.verbs, Effect::Restriction);
                rule.because = words(never.because.as_ref());
            }
            MemberKind::Gate(gate) => {
                rule.verbs = self.targets(file, &gate.targets);
                rule.condition = self.condition(job, unfolded, &gate.guards, &rule.verbs, Effect::Restriction);
                rule.because = words(gate.because.as_ref());
                let scope = scope(job, home, &rule.verbs);
                rule.kind = RuleKind::Gate(self.gate(file, gate, &scope));
            }
            MemberKind::Escalate(escalate) => {
                rule.verbs = self.targets(file, &escalate.targets);
                rule.condition = self.condition(job, unfolded, &escalate.guards, &rule.verbs, Effect::Restriction);
                rule.because = words(escalate.because.as_ref());
                rule.kind = RuleKind::Escalate;
                if escalate.targets.is_empty() && escalate.guards.is_empty() && unfolded.around.is_empty() {
                    self.report(AlwaysStops { loc: rule.loc });
                }
            }
            MemberKind::OnFailure(failure) => {
                rule.verbs = self.targets(file, &failure.targets);
                rule.condition = self.condition(job, unfolded, &[], &rule.verbs, Effect::Restriction);
                rule.because = words(failure.because.as_ref());
                rule.kind = RuleKind::OnFailure { tries: self.tries(file, failure.tries.as_ref()) };
            }
            MemberKind::Require(require) => {
                rule.verbs = self.targets(file, &require.targets);
                rule.condition = self.condition(job, unfolded, &require.guards, &rule.verbs, Effect::Restriction);
                rule.because = words(require.because.as_ref());
                if let Some(kind) = self.require(job, home, require, &rule.verbs) {
                    rule.kind = kind;
                }
            }
            MemberKind::Limit(limit) => {
                rule.verbs = self.targets(file, &limit.targets);
                rule.condition = self.condition(job, unfolded, &limit.guards, &rule.verbs, Effect::Restriction);
                rule.because = words(limit.because.as_ref());
                let scope = scope(job, home, &rule.verbs);
                if let Some(limit) = self.limit(file, limit, &scope) {
                    rule.kind = RuleKind::Limit(limit);
                }
            }
            _ => {}
        }
        rule
    }

    /// The conditions around a rule and its own, each seen from where it is written, joined by `and`.
    fn condition(
        &mut self,
        job: JobId,
        unfolded: &Unfolded<'a>,
        guards: &[Guard],
        verbs: &[VerbId],
        effect: Effect,
    ) -> Option<Expr> {
        let mut groups: Vec<(Home<'a>, Vec<&Guard>)> = Vec::new();
        let around = unfolded.around.iter().map(|around| (around.home, &*around.guard));
        for (home, guard) in around.chain(guards.iter().map(|guard| (unfolded.home, guard))) {
            match groups.last_mut() {
                Some((last, group)) if *last == home => group.push(guard),
                _ => groups.push((home, vec![guard])),
            }
        }
        let mut parts = Vec::new();
        for (home, group) in groups {
            if let Ok(Some(part)) = self.checker.condition(group, &scope(job, home, verbs)) {
                parts.push(part);
            }
        }
        let condition = all(parts)?;
        self.checker.judge(&condition, effect);
        Some(condition)
    }

    /// The verbs of an `allow`: a wildcard stands for reads only, and a verb must be what the rule says it is.
    fn allowed_verbs(&mut self, file: FileId, allow: &ast::Allow) -> Vec<VerbId> {
        let said = allow.access.node;
        let mut verbs: Vec<VerbId> = Vec::new();
        for target in &allow.targets {
            let here = loc(file, target.path.span);
            let named = match crate::resolve::target(self.hir, target, file, self.checker.problems()) {
                None => continue,
                Some(Target::Verb(verb)) => {
                    if !self.is(verb, said) {
                        self.report(WrongAccess { verb, said, loc: here });
                    }
                    vec![verb]
                }
                Some(Target::Every(all)) => all.into_iter().filter(|verb| self.is(*verb, said)).collect(),
            };
            let wildcard = target.path.parts.last().is_some_and(|part| part.node == "*");
            if wildcard && said == Access::Write {
                self.report(WildcardWrite { target: written(target), writes: named.clone(), loc: here });
            } else if named.is_empty() {
                self.report(NoSuchVerbs { target: written(target), access: Some(said), loc: here });
            }
            add(&mut verbs, named);
        }
        verbs
    }

    fn is(&self, verb: VerbId, access: Access) -> bool {
        self.hir.typed.verbs.get(verb.index()).is_some_and(|decl| decl.access == access)
    }

    /// The verbs that targets name, reads and writes. A target that stands for nothing is an error.
    pub(super) fn targets(&mut self, file: FileId, targets: &[ast::Target]) -> Vec<VerbId> {
        let mut verbs: Vec<VerbId> = Vec::new();
        for target in targets {
            let named = match crate::resolve::target(self.hir, target, file, self.checker.problems()) {
                None => continue,
                Some(Target::Verb(verb)) => vec![verb],
                Some(Target::Every(all)) => all,
            };
            if named.is_empty() {
                let (target, loc) = (written(target), loc(file, target.path.span));
                self.report(NoSuchVerbs { target, access: None, loc });
            }
            add(&mut verbs, named);
        }
        verbs
    }

    fn allow(&mut self, job: JobId, home: Home<'a>, allow: &ast::Allow, verbs: &[VerbId]) -> RuleKind {
        let access = allow.access.node;
        let scope = scope(job, home, verbs);
        let narrows =
            [("showing", allow.rows.as_ref().map(|rows| rows.span)), ("hiding", allow.hiding.first().map(|field| field.span))];
        if access == Access::Write {
            for (clause, span) in narrows {
                if let Some(span) = span {
                    self.report(ShowingOfWrite { clause, loc: loc(home.file, span) });
                }
            }
            return RuleKind::Allow { access, rows: None, hiding: Vec::new() };
        }
        let rows = allow.rows.as_ref().and_then(|rows| self.checker.rows(rows, &scope).ok());
        if let Some((_, condition)) = &rows {
            self.checker.judge(condition, Effect::Rows);
        }
        let hiding = match allow.hiding.as_slice() {
            [] => Vec::new(),
            fields => self.checker.hiding(fields, &scope).unwrap_or_default(),
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

    fn require(&mut self, job: JobId, home: Home<'a>, require: &ast::Require, verbs: &[VerbId]) -> Option<RuleKind> {
        let file = home.file;
        let within = require.within.as_ref().map(|within| self.positive("within", file, within));
        let since_last = match &require.since_last {
            None => None,
            Some(path) => Some(self.verb(file, path)?),
        };
        let verb = self.verb(file, &require.verb)?;
        let span = require.args.iter().fold(require.verb.span, |span, (_, value)| span.to(value.span));
        let place = if require.args.is_empty() { require.verb.span } else { span };
        let args = self.checker.arguments(verb, &require.args, place, &scope(job, home, verbs)).ok()?;
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

/// Adds the verbs that are not there yet.
fn add(verbs: &mut Vec<VerbId>, named: Vec<VerbId>) {
    for verb in named {
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
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

fn words(because: Option<&Spanned<String>>) -> Option<String> {
    because.map(|text| text.node.clone())
}

/// A target as written.
fn written(target: &ast::Target) -> String {
    let parts: Vec<&str> = target.path.parts.iter().map(|part| part.node.as_str()).collect();
    parts.join(".")
}
