//! Members of jobs and rule sets.

use super::super::MAX_DEPTH;
use super::super::error::SyntaxErrorKind;
use super::super::syntax::Rule;
use super::{Builder, Found, Parts};
use crate::ast::{
    Allow, Approver, ApproverKind, Escalate, Expires, ExpiresElse, ExprKind, Gate, Guard, Handoff, Limit, LimitElse, Measure,
    Member, MemberKind, Name, Never, OnFailure, Require, Show, Window,
};
use crate::span::{Span, Spanned};

impl Builder<'_, '_> {
    pub(super) fn members(&self, pair: Found<'_>) -> Option<Vec<Member>> {
        Parts::of(pair).map(|member| self.member(member)).collect()
    }

    fn member(&self, pair: Found<'_>) -> Option<Member> {
        let span = self.span(&pair);
        let mut parts = Parts::all(pair);
        let shadow = parts.accept(Rule::kw_shadow).map(|word| self.span(&word));
        let found = parts.next()?;
        let rule = found.as_rule();
        let kind = match rule {
            Rule::purpose => MemberKind::Purpose(self.text(&Parts::of(found).next()?)),
            Rule::input => MemberKind::Input(self.fields(Parts::of(found).next()?)?),
            Rule::environment => MemberKind::Environment(self.fields(Parts::of(found).next()?)?),
            Rule::signal => MemberKind::Signal(self.field(Parts::of(found).next()?)?),
            Rule::done => MemberKind::Done(self.expr(Parts::of(found).next()?)?),
            Rule::let_def => MemberKind::Let(self.let_def(found)?),
            Rule::include => MemberKind::Include(self.name(&Parts::of(found).next()?)),
            Rule::handoff => MemberKind::Handoff(self.handoff(found)?),
            Rule::pause_by => MemberKind::PauseBy(self.approvers(Parts::of(found).next()?)?),
            Rule::resume_by => MemberKind::ResumeBy(self.approvers(Parts::of(found).next()?)?),
            Rule::undo_by => MemberKind::UndoBy(self.approvers(Parts::of(found).next()?)?),
            Rule::when_block => {
                let negated = Parts::all(found.clone()).next()?.as_rule() == Rule::kw_unless;
                let mut inner = Parts::of(found);
                MemberKind::When { condition: self.expr(inner.next()?)?, negated, members: self.members(inner.next()?)? }
            }
            Rule::allow => MemberKind::Allow(self.allow(found)?),
            Rule::never => MemberKind::Never(self.never(found)?),
            Rule::gate => MemberKind::Gate(self.gate(found)?),
            Rule::escalate => MemberKind::Escalate(self.escalate(found)?),
            Rule::on_failure => MemberKind::OnFailure(self.on_failure(found)?),
            Rule::require => MemberKind::Require(self.require(found)?),
            Rule::limit => MemberKind::Limit(self.limit(found)?),
            _ => return None,
        };
        Some(Member { docs: self.docs(span), shadow, kind, span })
    }

    /// `when C` or `unless C`
    pub(super) fn guard(&self, pair: Found<'_>) -> Option<Guard> {
        let span = self.span(&pair);
        let negated = Parts::all(pair.clone()).next()?.as_rule() == Rule::kw_unless;
        Some(Guard { negated, condition: self.expr(Parts::of(pair).next()?)?, span })
    }

    fn because(&self, kept: &mut Option<Spanned<String>>, pair: Found<'_>) -> Option<()> {
        let span = self.span(&pair);
        self.once(kept, self.text(&Parts::of(pair).next()?), "because", span);
        Some(())
    }

    fn rule_name(&self, parts: &mut Parts<'_>) -> Option<Option<Name>> {
        match parts.accept(Rule::rule_name) {
            Some(name) => Some(Some(self.name(&Parts::of(name).next()?))),
            None => Some(None),
        }
    }

    fn allow(&self, pair: Found<'_>) -> Option<Allow> {
        let access =
            self.access(&Parts::all(pair.clone()).find(|part| matches!(part.as_rule(), Rule::kw_read | Rule::kw_write))?);
        let mut parts = Parts::of(pair);
        let name = self.rule_name(&mut parts)?;
        let targets = self.targets(parts.next()?)?;
        let mut allow = Allow { name, access, targets, guards: Vec::new(), rows: None, hiding: Vec::new(), because: None };
        let mut hiding = None;
        for part in parts {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::guard => allow.guards.push(self.guard(part)?),
                Rule::showing => {
                    let rows = self.expr(Parts::of(part).next()?)?;
                    self.once(&mut allow.rows, rows, "showing", span);
                }
                Rule::hiding => {
                    let paths = Parts::of(part).map(|path| self.path(path)).collect();
                    self.once(&mut hiding, paths, "hiding", span);
                }
                Rule::because => self.because(&mut allow.because, part)?,
                _ => return None,
            }
        }
        allow.hiding = hiding.unwrap_or_default();
        Some(allow)
    }

    fn never(&self, pair: Found<'_>) -> Option<Never> {
        let mut parts = Parts::of(pair);
        let name = self.rule_name(&mut parts)?;
        let targets = self.targets(parts.next()?)?;
        let mut never = Never { name, targets, guards: Vec::new(), because: None };
        for part in parts {
            match part.as_rule() {
                Rule::guard => never.guards.push(self.guard(part)?),
                _ => self.because(&mut never.because, part)?,
            }
        }
        Some(never)
    }

    fn gate(&self, pair: Found<'_>) -> Option<Gate> {
        let mut parts = Parts::of(pair);
        let (name, targets) = (self.name(&parts.next()?), self.targets(parts.next()?)?);
        let mut gate = Gate {
            name,
            targets,
            guards: Vec::new(),
            approvers: Vec::new(),
            may_be_requester: None,
            expires: None,
            show: Vec::new(),
            because: None,
        };
        for part in parts {
            if part.as_rule() == Rule::guard {
                gate.guards.push(self.guard(part)?);
                continue;
            }
            let found = Parts::of(part).next()?;
            let span = self.span(&found);
            match found.as_rule() {
                Rule::gate_approvers => {
                    let mut inner = Parts::of(found);
                    gate.approvers.extend(self.approvers(inner.next()?)?);
                    if let Some(requester) = inner.next() {
                        let span = self.span(&requester);
                        self.once(&mut gate.may_be_requester, span, "may be requester", span);
                    }
                }
                Rule::requester => self.once(&mut gate.may_be_requester, span, "may be requester", span),
                Rule::expires => {
                    let expires = self.expires(found)?;
                    self.once(&mut gate.expires, expires, "expires", span);
                }
                Rule::show => gate.show.extend(self.show(found)?),
                Rule::because => self.because(&mut gate.because, found)?,
                _ => return None,
            }
        }
        Some(gate)
    }

    /// `4h then role b 2h else deny`: each step holds the one after it.
    fn expires(&self, pair: Found<'_>) -> Option<Expires> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let mut times = vec![self.duration(&parts.next()?)?];
        let mut asked = Vec::new();
        while let Some(then) = parts.accept(Rule::expires_then) {
            let mut inner = Parts::of(then);
            asked.push(self.approvers(inner.next()?)?);
            times.push(self.duration(&inner.next()?)?);
        }
        if asked.len() > MAX_DEPTH {
            self.report(SyntaxErrorKind::TooDeep, span);
            return Some(Expires { after: times.into_iter().next()?, otherwise: ExpiresElse::Unsaid });
        }
        let last = match parts.next() {
            Some(otherwise) => {
                let span = self.span(&otherwise);
                if Parts::all(otherwise).any(|word| word.as_rule() == Rule::kw_deny) {
                    ExpiresElse::Deny(span)
                } else {
                    ExpiresElse::Escalate(span)
                }
            }
            None => ExpiresElse::Unsaid,
        };
        let mut expires = Expires { after: times.pop()?, otherwise: last };
        while let (Some(approvers), Some(after)) = (asked.pop(), times.pop()) {
            expires = Expires { after, otherwise: ExpiresElse::Then { approvers, expires: Box::new(expires) } };
        }
        Some(expires)
    }

    fn show(&self, pair: Found<'_>) -> Option<Vec<Show>> {
        Parts::of(pair)
            .map(|part| {
                let expr = self.expr(part)?;
                Some(match &expr.kind {
                    ExprKind::Name(name) if name == "trace" => Show::Trace(expr.span),
                    ExprKind::Name(name) if name == "arguments" => Show::Arguments(expr.span),
                    _ => Show::Expr(expr),
                })
            })
            .collect()
    }

    pub(super) fn approvers(&self, pair: Found<'_>) -> Option<Vec<Approver>> {
        Parts::of(pair).map(|approver| self.approver(approver)).collect()
    }

    fn approver(&self, pair: Found<'_>) -> Option<Approver> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let quorum = parts.accept(Rule::integer).map(|count| self.integer(&count));
        let who = match parts.next() {
            None => ApproverKind::User,
            Some(found) if found.as_rule() == Rule::approver_role => ApproverKind::Role(self.name(&Parts::of(found).next()?)),
            Some(found) => ApproverKind::Identity(self.expr(Parts::of(found).next()?)?),
        };
        Some(Approver { quorum, who, span })
    }

    fn escalate(&self, pair: Found<'_>) -> Option<Escalate> {
        let mut parts = Parts::of(pair);
        let name = self.rule_name(&mut parts)?;
        let targets = match parts.accept(Rule::targets) {
            Some(targets) => self.targets(targets)?,
            None => Vec::new(),
        };
        let mut escalate = Escalate { name, targets, guards: Vec::new(), because: None };
        for part in parts {
            match part.as_rule() {
                Rule::guard => escalate.guards.push(self.guard(part)?),
                _ => self.because(&mut escalate.because, part)?,
            }
        }
        Some(escalate)
    }

    fn on_failure(&self, pair: Found<'_>) -> Option<OnFailure> {
        let mut parts = Parts::of(pair);
        let name = parts.accept(Rule::name).map(|name| self.name(&name));
        let targets = self.targets(parts.next()?)?;
        let tries = match parts.accept(Rule::tries) {
            Some(tries) => Some(self.integer(&Parts::of(tries).next()?)),
            None => None,
        };
        let mut because = None;
        if let Some(part) = parts.next() {
            self.because(&mut because, part)?;
        }
        Some(OnFailure { name, targets, tries, because })
    }

    fn require(&self, pair: Found<'_>) -> Option<Require> {
        let mut parts = Parts::of(pair);
        let (name, targets) = (self.name(&parts.next()?), self.targets(parts.next()?)?);
        let (verb, args) = (self.path(parts.next()?), self.named_args(parts.next()?)?);
        let mut require =
            Require { name, targets, verb, args, within: None, since_last: None, guards: Vec::new(), because: None };
        for part in parts {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::within => {
                    let within = self.duration(&Parts::of(part).next()?)?;
                    self.once(&mut require.within, within, "within", span);
                }
                Rule::since_last => {
                    let verb = self.path(Parts::of(part).next()?);
                    self.once(&mut require.since_last, verb, "since last", span);
                }
                Rule::guard => require.guards.push(self.guard(part)?),
                _ => self.because(&mut require.because, part)?,
            }
        }
        Some(require)
    }

    fn limit(&self, pair: Found<'_>) -> Option<Limit> {
        let whole = self.span(&pair);
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.next()?);
        let targets = match parts.accept(Rule::targets) {
            Some(targets) => self.targets(targets)?,
            None => Vec::new(),
        };
        let measure = self.measure(parts.next()?)?;
        let strict = parts.next()?.as_str().trim_end() == "<";
        let bound = self.expr(parts.next()?)?;
        let mut limit = Limit {
            name,
            targets,
            measure,
            strict,
            bound,
            window: None,
            by: Vec::new(),
            guards: Vec::new(),
            capacity: None,
            otherwise: LimitElse::Deny(whole),
            because: None,
        };
        let (mut by, mut otherwise) = (None, None);
        for part in parts {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::window => {
                    let window = self.window(part)?;
                    self.once(&mut limit.window, Spanned::new(window, span), "per", span);
                }
                Rule::counted_by => {
                    let keys = self.expr_list(Parts::of(part))?;
                    self.once(&mut by, keys, "by", span);
                }
                Rule::guard => limit.guards.push(self.guard(part)?),
                Rule::capacity => {
                    let capacity = self.integer(&Parts::of(part).next()?);
                    self.once(&mut limit.capacity, capacity, "capacity", span);
                }
                Rule::limit_else => {
                    let effect = self.limit_else(part, span)?;
                    self.once(&mut otherwise, effect, "else", span);
                }
                _ => self.because(&mut limit.because, part)?,
            }
        }
        limit.by = by.unwrap_or_default();
        match otherwise {
            Some(otherwise) => limit.otherwise = otherwise,
            None => {
                let example = "limit daily on shop.refund: sum(amount) <= 500 USD per day else escalate";
                let end = Span::new(whole.end, whole.end);
                self.report(SyntaxErrorKind::Missing { clause: "else", of: "limit", example }, end);
            }
        }
        Some(limit)
    }

    fn measure(&self, pair: Found<'_>) -> Option<Measure> {
        let span = self.span(&pair);
        let found = Parts::of(pair).next()?;
        Some(match found.as_rule() {
            Rule::count_measure => match Parts::of(found).next() {
                Some(distinct) => Measure::CountDistinct(self.expr(distinct)?),
                None => Measure::Count(span),
            },
            Rule::sum_measure => Measure::Sum(self.expr(Parts::of(found).next()?)?),
            _ => Measure::Value(self.expr(found)?),
        })
    }

    fn window(&self, pair: Found<'_>) -> Option<Window> {
        let second = Parts::all(pair.clone()).nth(1)?.as_rule();
        let rest = Parts::of(pair).next();
        Some(match (second, rest) {
            (Rule::kw_run, _) => Window::Run,
            (Rule::kw_hour, _) => Window::Hour,
            (Rule::kw_day, zone) => Window::Day(zone.map(|zone| self.text(&zone))),
            (_, Some(duration)) => Window::Last(self.duration(&duration)?.node),
            _ => return None,
        })
    }

    fn limit_else(&self, pair: Found<'_>, span: Span) -> Option<LimitElse> {
        let second = Parts::all(pair.clone()).nth(1)?.as_rule();
        Some(match second {
            Rule::kw_escalate => LimitElse::Escalate(span),
            Rule::kw_deny => LimitElse::Deny(span),
            Rule::kw_pause => LimitElse::Pause(span),
            _ => LimitElse::Gate(self.name(&Parts::of(pair).next()?)),
        })
    }

    fn handoff(&self, pair: Found<'_>) -> Option<Handoff> {
        let mut parts = Parts::of(pair);
        let mut handoff = Handoff { to: self.text(&parts.next()?), show: Vec::new(), expect: None };
        for member in parts {
            let found = Parts::of(member).next()?;
            let span = self.span(&found);
            if found.as_rule() == Rule::show {
                handoff.show.extend(self.show(found)?);
            } else {
                self.once(&mut handoff.expect, self.text(&Parts::of(found).next()?), "expect", span);
            }
        }
        Some(handoff)
    }
}
