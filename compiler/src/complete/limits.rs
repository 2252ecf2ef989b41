//! Limits: what is measured, over which window, against which bound.

use super::Completer;
use crate::check::{Firm, Scope};
use crate::diagnostic::codes::{LimitFault, LimitForm};
use crate::resolve::loc;
use crate::typed::{Expr, FileId, Limit, LimitElse, Loc, Measure, Type, Window};
use agentc_grammar::ast;
use agentc_grammar::span::Spanned;

/// The most entries that a limit may keep.
const LARGEST_CAPACITY: u32 = 1_000_000;

impl Completer<'_, '_> {
    /// The limit; `None` where an error was reported that leaves nothing to compare.
    pub(super) fn limit(&mut self, file: FileId, limit: &ast::Limit, scope: &Scope) -> Option<Limit> {
        let of_calls = !limit.targets.is_empty();
        let name = loc(file, limit.name.span);
        let window = self.window(file, limit, of_calls, name);
        let capacity = self.capacity(file, limit, window.as_ref(), name);
        let measure = self.measure(file, &limit.measure, of_calls, scope);
        let by = self.keys(file, limit, of_calls, scope);
        let bound_type = measure.as_ref().map(|(_, ty)| ty);
        let bound = self.checker.check(&limit.bound, scope, bound_type).ok();
        if let Some(bound) = &bound {
            self.checker.forbid_claims(bound, Firm::LimitAmount);
        }
        Some(Limit {
            measure: measure?.0,
            strict: limit.strict,
            bound: bound?,
            window: window?,
            by,
            capacity,
            otherwise: match &limit.otherwise {
                ast::LimitElse::Escalate(_) => LimitElse::Escalate,
                // The gate's index is known when all rules are.
                ast::LimitElse::Deny(_) | ast::LimitElse::Gate(_) => LimitElse::Deny,
                ast::LimitElse::Pause(_) => LimitElse::Pause,
            },
        })
    }

    fn limit_fault(&mut self, fault: LimitFault, loc: Loc) {
        self.report(LimitForm { fault, loc });
    }

    fn window(&mut self, file: FileId, limit: &ast::Limit, of_calls: bool, name: Loc) -> Option<Window> {
        let counts = !matches!(limit.measure, ast::Measure::Value(_));
        let Some(written) = &limit.window else {
            if counts && of_calls {
                self.limit_fault(LimitFault::NoWindow, name);
                return None;
            }
            return Some(Window::Run);
        };
        let here = loc(file, written.span);
        if !counts {
            self.limit_fault(LimitFault::NotCounted("per"), here);
            return None;
        }
        if !of_calls && written.node != ast::Window::Run {
            self.limit_fault(LimitFault::WindowOfRun, here);
            return None;
        }
        match &written.node {
            ast::Window::Run => Some(Window::Run),
            ast::Window::Hour => Some(Window::Hour),
            ast::Window::Day(None) => Some(Window::Day("UTC".to_owned())),
            ast::Window::Day(Some(zone)) => {
                let known = crate::resolve::zone(&zone.node, loc(file, zone.span), self.checker.problems());
                known.then(|| Window::Day(zone.node.clone()))
            }
            ast::Window::Last(duration) => {
                let duration = Spanned::new(*duration, written.span);
                Some(Window::Last(self.positive("per last", file, &duration)))
            }
        }
    }

    fn capacity(&mut self, file: FileId, limit: &ast::Limit, window: Option<&Window>, name: Loc) -> Option<u32> {
        let keeps = matches!(window, Some(Window::Last(_))) || matches!(limit.measure, ast::Measure::CountDistinct(_));
        match &limit.capacity {
            None => {
                if keeps {
                    self.limit_fault(LimitFault::NoCapacity, name);
                }
                None
            }
            Some(written) => {
                let here = loc(file, written.span);
                let capacity = u32::try_from(written.node).ok().filter(|size| (1..=LARGEST_CAPACITY).contains(size));
                if capacity.is_none() {
                    self.limit_fault(LimitFault::BadCapacity, here);
                } else if !keeps && window.is_some() {
                    self.limit_fault(LimitFault::NeedlessCapacity, here);
                }
                capacity
            }
        }
    }

    /// What is measured, and the type of its bound.
    fn measure(&mut self, file: FileId, measure: &ast::Measure, of_calls: bool, scope: &Scope) -> Option<(Measure, Type)> {
        match measure {
            ast::Measure::Count(_) => Some((Measure::Count, Type::Int)),
            ast::Measure::CountDistinct(expr) => {
                if !of_calls {
                    self.limit_fault(LimitFault::NeedsVerbs("count(distinct …)"), loc(file, expr.span));
                    return None;
                }
                let value = self.key_value(file, expr, scope)?;
                Some((Measure::CountDistinct(value), Type::Int))
            }
            ast::Measure::Sum(expr) => {
                if !of_calls {
                    self.limit_fault(LimitFault::NeedsVerbs("sum(…)"), loc(file, expr.span));
                    return None;
                }
                let value = self.amount(file, expr, scope, LimitFault::NotSummable)?;
                let ty = value.ty.clone();
                Some((Measure::Sum(value), ty))
            }
            ast::Measure::Value(expr) => {
                let value = self.amount(file, expr, scope, LimitFault::NotOrdered)?;
                let ty = value.ty.clone();
                Some((Measure::Value(value), ty))
            }
        }
    }

    fn amount(&mut self, file: FileId, expr: &ast::Expr, scope: &Scope, fault: impl FnOnce(Type) -> LimitFault) -> Option<Expr> {
        let value = self.checker.check(expr, scope, None).ok()?;
        if !matches!(value.ty, Type::Int | Type::Decimal | Type::Money(_) | Type::Duration) {
            self.limit_fault(fault(value.ty), loc(file, expr.span));
            return None;
        }
        self.checker.forbid_claims(&value, Firm::LimitAmount);
        Some(value)
    }

    fn keys(&mut self, file: FileId, limit: &ast::Limit, of_calls: bool, scope: &Scope) -> Vec<Expr> {
        let Some(first) = limit.by.first() else { return Vec::new() };
        let here = loc(file, first.span);
        if matches!(limit.measure, ast::Measure::Value(_)) {
            self.limit_fault(LimitFault::NotCounted("by"), here);
            return Vec::new();
        }
        if !of_calls {
            self.limit_fault(LimitFault::NeedsVerbs("by"), here);
            return Vec::new();
        }
        limit.by.iter().filter_map(|expr| self.key_value(file, expr, scope)).collect()
    }

    fn key_value(&mut self, file: FileId, expr: &ast::Expr, scope: &Scope) -> Option<Expr> {
        let value = self.checker.check(expr, scope, None).ok()?;
        let several =
            matches!(value.ty, Type::Optional(_) | Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Zoned);
        if several {
            self.limit_fault(LimitFault::NotKey(value.ty), loc(file, expr.span));
            return None;
        }
        self.checker.forbid_claims(&value, Firm::LimitKey);
        Some(value)
    }
}
