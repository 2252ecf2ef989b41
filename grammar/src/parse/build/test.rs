//! Steps of tests, and properties that are to be proved.

use super::super::error::SyntaxErrorKind;
use super::super::syntax::Rule;
use super::{Builder, Found, Parts};
use crate::ast::{
    CallOutcome, Expect, GivenState, Name, Property, PropertyKind, Setup, SetupKind, Step, StepKind, WriteSelector,
};
use crate::span::Span;

impl Builder<'_, '_> {
    pub(super) fn setup(&self, pair: Found<'_>) -> Option<Setup> {
        let span = self.span(&pair);
        let found = Parts::of(pair).next()?;
        let rule = found.as_rule();
        let words = found.clone();
        let mut parts = Parts::of(found);
        let kind = match rule {
            Rule::setup_job => SetupKind::Job(self.name(&parts.next()?)),
            Rule::setup_input => SetupKind::Input(self.record_value(parts.next()?)?),
            Rule::setup_environment => SetupKind::Environment(self.record_value(parts.next()?)?),
            Rule::setup_identity => SetupKind::Identity(self.name(&Parts::all(words).next()?), self.record_value(parts.next()?)?),
            Rule::setup_at => SetupKind::At(self.expr(parts.next()?)?),
            Rule::setup_given => {
                let record = self.name(&parts.next()?);
                let key = match parts.accept(Rule::index) {
                    Some(index) => self.expr_list(Parts::of(index))?,
                    None => Vec::new(),
                };
                let absent = Parts::all(words).any(|word| word.as_rule() == Rule::kw_absent);
                let state = match parts.next() {
                    Some(fields) => GivenState::Fields(self.record_value(fields)?),
                    None if absent => GivenState::Absent,
                    None => GivenState::Unavailable,
                };
                SetupKind::Given { record, key, state }
            }
            _ => return None,
        };
        Some(Setup { kind, span })
    }

    pub(super) fn step(&self, pair: Found<'_>) -> Option<Step> {
        let span = self.span(&pair);
        let found = Parts::of(pair).next()?;
        if found.as_rule() == Rule::setup {
            return Some(Step { kind: StepKind::Setup(self.setup(found)?), expect: None, of_result: None, span });
        }
        let rule = found.as_rule();
        let head = Parts::all(found.clone()).next()?.as_rule();
        if rule == Rule::call {
            return self.call(found, span);
        }
        let mut parts = Parts::of(found);
        let kind = match rule {
            Rule::approve => {
                let (gate, by) = (self.name(&parts.next()?), self.text(&parts.next()?));
                StepKind::Approve { gate, by, roles: self.roles(&mut parts)?, refuse: head == Rule::kw_refuse }
            }
            Rule::after => StepKind::After(self.duration(&parts.next()?)?),
            Rule::signal_step => StepKind::Signal(self.name(&parts.next()?), self.expr(parts.next()?)?),
            Rule::usage => StepKind::Usage(self.record_value(parts.next()?)?),
            Rule::pause_step => {
                let verb = parts.accept(Rule::path).map(|path| self.path(path));
                let by = self.text(&parts.next()?);
                StepKind::Pause { resume: head == Rule::kw_resume, verb, by, roles: self.roles(&mut parts)? }
            }
            Rule::undo_step => {
                let verb = parts.accept(Rule::path).map(|path| self.path(path));
                let by = self.text(&parts.next()?);
                StepKind::Undo { verb, by, roles: self.roles(&mut parts)? }
            }
            Rule::end_step => StepKind::End,
            _ => return None,
        };
        let expect = match parts.next() {
            Some(expect) => Some(self.expect(expect)?),
            None => None,
        };
        Some(Step { kind, expect, of_result: None, span })
    }

    fn roles(&self, parts: &mut Parts<'_>) -> Option<Vec<Name>> {
        match parts.accept(Rule::as_roles) {
            Some(roles) => Some(self.names(Parts::of(roles).next()?)),
            None => Some(Vec::new()),
        }
    }

    fn call(&self, pair: Found<'_>, span: Span) -> Option<Step> {
        let mut parts = Parts::all(pair).skip(1);
        let (verb, args) = (self.path(parts.next()?), self.named_args(parts.next()?)?);
        let (mut outcome, mut showing) = (None, None);
        let (mut expect, mut of_result): (Option<Expect>, Option<Expect>) = (None, None);
        for part in parts {
            let here = self.span(&part);
            match part.as_rule() {
                Rule::expect => {
                    let read = self.expect(part)?;
                    // The first is of the decision, the second of the result, which comes later.
                    let which = if expect.is_none() { &mut expect } else { &mut of_result };
                    self.once(which, read, "expect", here);
                }
                Rule::returns => {
                    let value = self.expr(Parts::of(part).next()?)?;
                    self.once(&mut outcome, CallOutcome::Returns(value), "returns", here);
                }
                Rule::fails => self.once(&mut outcome, CallOutcome::Fails(self.text(&Parts::of(part).next()?)), "fails", here),
                Rule::showing_value => {
                    let value = self.expr(Parts::of(part).next()?)?;
                    self.once(&mut showing, value, "showing", here);
                }
                _ => self.once(&mut outcome, CallOutcome::Unclear(here), "unclear", here),
            }
        }
        // What is shown belongs to what is expected, wherever it stands.
        if let Some(value) = showing {
            let place = value.span;
            match &mut expect {
                Some(expect) => self.once(&mut expect.showing, value, "showing", place),
                None => {
                    let example = "call crm.list_leads() expect allow returns [{ id: \"L-1\" }] showing [{ id: \"L-1\" }]";
                    self.report(SyntaxErrorKind::Missing { clause: "expect", of: "step", example }, place);
                }
            }
        }
        Some(Step { kind: StepKind::Call { verb, args, outcome }, expect, of_result, span })
    }

    fn expect(&self, pair: Found<'_>) -> Option<Expect> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let outcome = self.name(&parts.next()?);
        let by = parts.accept(Rule::names).map(|names| self.names(names)).unwrap_or_default();
        let showing = match parts.next() {
            Some(value) => Some(self.expr(Parts::of(value).next()?)?),
            None => None,
        };
        Some(Expect { outcome, by, showing, span })
    }

    pub(super) fn property(&self, found: Found<'_>, span: Span) -> Option<Property> {
        let rule = found.as_rule();
        let mut parts = Parts::of(found);
        let kind = match rule {
            Rule::every_write => {
                let (mut selectors, mut is) = (Vec::new(), Vec::new());
                for part in parts {
                    if part.as_rule() == Rule::write_state {
                        is.push(self.name(&part));
                    } else {
                        let here = self.span(&part);
                        let risk = Parts::of(part).next().map(|name| self.name(&name));
                        selectors.push(risk.map_or(WriteSelector::Irreversible(here), WriteSelector::Risk));
                    }
                }
                PropertyKind::EveryWrite { selectors, is }
            }
            Rule::limit_holds => PropertyKind::LimitHolds(self.name(&parts.next()?)),
            Rule::never_allow | Rule::always_allow | Rule::needs_approval => {
                let targets = self.targets(parts.next()?)?;
                let mut guards = Vec::new();
                while let Some(guard) = parts.accept(Rule::guard) {
                    guards.push(self.guard(guard)?);
                }
                match rule {
                    Rule::never_allow => {
                        let without_approval = parts.accept(Rule::without_approval).map(|clause| self.span(&clause));
                        PropertyKind::NeverAllow { targets, guards, without_approval }
                    }
                    Rule::always_allow => PropertyKind::AlwaysAllow { targets, guards },
                    _ => PropertyKind::NeedsApproval { targets, guards, by: self.approvers(parts.next()?)? },
                }
            }
            _ => return None,
        };
        Some(Property { kind, span })
    }
}
