//! `match`: subjects, patterns and arms.

use super::branch::Branch;
use super::cases;
use super::literal::plain;
use super::provenance::joined;
use super::scope::{Binding, Place};
use super::{Checked, Checker, Reported};
use crate::diagnostic::codes::{Misfit, MissingCases, PatternMisfit, Thing, UnreachableArm};
use crate::diagnostic::suggest;
use crate::typed::{self, ExprKind, Pattern, Type};
use agentc_grammar::ast::{self, PatternKind};
use agentc_grammar::span::Span;
use agentc_runtime::value::Value;

impl Checker<'_, '_> {
    /// `match subject { pattern => value, … }`
    pub(super) fn matching(
        &mut self,
        subject: &ast::Expr,
        arms: &[ast::Arm],
        span: Span,
        hint: Option<&Type>,
    ) -> Checked<typed::Expr> {
        if self.here.scope.place == Place::Constant {
            return Err(self.not_here(Thing::Operator, span));
        }
        let subjects: Vec<Checked<typed::Expr>> = match &subject.kind {
            ast::ExprKind::Tuple(parts) => parts.iter().map(|part| self.infer(part, None)).collect(),
            _ => vec![self.infer(subject, None)],
        };
        let subjects = subjects.into_iter().collect::<Checked<Vec<_>>>()?;
        let types: Vec<Type> = subjects.iter().map(|subject| subject.ty.clone()).collect();
        let mut rows = Vec::with_capacity(arms.len());
        for arm in arms {
            rows.push(self.arm_patterns(arm, &subjects));
        }
        let rows = rows.into_iter().collect::<Checked<Vec<_>>>()?;
        let branches: Vec<Branch<'_>> =
            rows.iter().zip(arms).map(|((_, bindings), arm)| (bindings.clone(), &arm.value)).collect();
        let values = self.branches(&branches, hint);
        self.exhaustive(&types, &rows, arms, span)?;
        let (values, ty) = values?;
        let provenance = joined(&subjects) | joined(&values);
        let arms = rows.into_iter().zip(values).map(|((patterns, _), value)| typed::Arm { patterns, value }).collect();
        Ok(self.node(ExprKind::Match(subjects, arms), ty, provenance, span))
    }

    /// The patterns of an arm and the names they bind.
    fn arm_patterns(&mut self, arm: &ast::Arm, subjects: &[typed::Expr]) -> Checked<(Vec<Pattern>, Vec<Binding>)> {
        // `_` alone stands for all subjects.
        if let [ast::Pattern { kind: PatternKind::Wildcard, .. }] = arm.patterns.as_slice() {
            return Ok((subjects.iter().map(|_| Pattern::Any).collect(), Vec::new()));
        }
        if arm.patterns.len() != subjects.len() {
            let misfit = Misfit::Count { wanted: subjects.len(), found: arm.patterns.len() };
            return Err(self.misfit(misfit, arm.span));
        }
        let mut bindings = Vec::new();
        let patterns: Vec<Checked<Pattern>> = arm
            .patterns
            .iter()
            .zip(subjects)
            .map(|(pattern, subject)| self.one_pattern(pattern, subject, &mut bindings))
            .collect();
        Ok((patterns.into_iter().collect::<Checked<_>>()?, bindings))
    }

    fn one_pattern(&mut self, pattern: &ast::Pattern, subject: &typed::Expr, bindings: &mut Vec<Binding>) -> Checked<Pattern> {
        match &pattern.kind {
            PatternKind::Wildcard => Ok(Pattern::Any),
            PatternKind::Name(name) if self.names_constant(name, &subject.ty) => {
                Ok(Pattern::OneOf(vec![self.pattern_constant(pattern, &subject.ty)?]))
            }
            PatternKind::Name(name) => {
                if bindings.iter().any(|binding| binding.name == *name) {
                    return Err(self.misfit(Misfit::BoundTwice(name.clone()), pattern.span));
                }
                let local = self.fresh_local();
                let ty = Some(plain(&subject.ty).clone());
                bindings.push(Binding { name: name.clone(), local, ty, provenance: subject.provenance });
                Ok(Pattern::Bind(local))
            }
            PatternKind::Literal(_) => Ok(Pattern::OneOf(vec![self.pattern_constant(pattern, &subject.ty)?])),
            PatternKind::Or(alternatives) => {
                let constants: Vec<Checked<Value>> =
                    alternatives.iter().map(|one| self.pattern_constant(one, &subject.ty)).collect();
                Ok(Pattern::OneOf(constants.into_iter().collect::<Checked<_>>()?))
            }
        }
    }

    /// Whether a name in a pattern is a variant or a day, or was meant as one; else it is bound. A name that is no variant of a plain
    /// enum is a slip: it would take every case.
    fn names_constant(&self, name: &str, ty: &Type) -> bool {
        match ty {
            Type::Enum(_) | Type::Weekday | Type::Bool => true,
            Type::Optional(inner) => match &**inner {
                Type::Enum(id) => {
                    let variants = self.hir.typed.enums.get(id.0 as usize).map_or(&[][..], |decl| &decl.variants);
                    let mut names = variants.iter().map(|variant| variant.name.as_str());
                    names.any(|variant| variant == name)
                        || suggest::nearest(name, variants.iter().map(|v| v.name.as_str())).is_some()
                }
                Type::Weekday => Self::weekday(name).is_some(),
                _ => false,
            },
            _ => false,
        }
    }

    /// A constant of the subject's type.
    fn pattern_constant(&mut self, pattern: &ast::Pattern, ty: &Type) -> Checked<Value> {
        let wanted = plain(ty).clone();
        let found = match &pattern.kind {
            PatternKind::Literal(ast::Literal::None) => {
                if matches!(ty, Type::Optional(_)) {
                    return Ok(Value::None);
                }
                return Err(self.misfit(Misfit::NeverNone, pattern.span));
            }
            PatternKind::Literal(literal) => self.literal(literal, false, pattern.span, Some(&wanted))?,
            PatternKind::Name(name) => self.pattern_name(name, &wanted, pattern.span)?,
            PatternKind::Wildcard => return Err(self.misfit(Misfit::WildcardInOr, pattern.span)),
            PatternKind::Or(_) => return Err(self.misfit(Misfit::NestedOr, pattern.span)),
        };
        let found = self.coerce(found, &wanted)?;
        match found.kind {
            ExprKind::Const(value) => Ok(value),
            _ => Err(self.misfit(Misfit::WildcardInOr, pattern.span)),
        }
    }

    /// A variant or weekday in a pattern: names bound around the `match` do not hide it.
    fn pattern_name(&mut self, name: &str, ty: &Type, span: Span) -> Checked<typed::Expr> {
        match ty {
            Type::Enum(id) => self.variant_of(*id, name, span),
            Type::Weekday if Self::weekday(name).is_some() => {
                let day = Self::weekday(name).unwrap_or(1);
                Ok(self.constant(Value::Weekday(day), Type::Weekday, span))
            }
            _ => Err(self.misfit(Misfit::NameInOr(name.to_owned()), span)),
        }
    }

    /// Every case is taken by some arm, and every arm takes some case.
    fn exhaustive(
        &mut self,
        types: &[Type],
        rows: &[(Vec<Pattern>, Vec<Binding>)],
        arms: &[ast::Arm],
        span: Span,
    ) -> Checked<()> {
        let patterns: Vec<&[Pattern]> = rows.iter().map(|(patterns, _)| patterns.as_slice()).collect();
        let loc = self.loc(span);
        let Some(outcome) = cases::examine(&self.hir.typed, types, &patterns) else {
            return Err(self.misfit(Misfit::TooMany, span));
        };
        for at in outcome.unreachable {
            if let Some(arm) = arms.get(at) {
                let loc = self.loc(arm.span);
                self.warn(UnreachableArm { loc });
            }
        }
        if outcome.missing.is_empty() {
            return Ok(());
        }
        Err(self.report(MissingCases { missing: outcome.missing, more: outcome.more, loc }))
    }

    fn misfit(&mut self, misfit: Misfit, span: Span) -> Reported {
        let loc = self.loc(span);
        self.report(PatternMisfit { misfit, loc })
    }
}
