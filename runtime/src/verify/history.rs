//! What looks at earlier calls and at counters: `happened`, `last`, `require`, `limit`.

use super::expr::Checker;
use super::free::Needs;
use super::typing::{is_number, is_optional, same};
use super::{Checked, within};
use crate::program::{ExprId, LimitId, Measure, PastPart, TypeShape, VerbId};

impl Checker<'_> {
    pub(super) fn filter(&mut self, verbs: &[VerbId], filter: Option<ExprId>) -> Checked<Needs> {
        self.verbs(verbs)?;
        let Some(filter) = filter else { return Ok(Needs::default()) };
        self.of_shape(filter, &TypeShape::Bool)?;
        self.known.needs(filter, &self.place)?.look_at(self.program, verbs, &self.place)
    }

    pub(super) fn last(&self, verbs: &[VerbId], part: PastPart) -> Checked {
        self.verbs(verbs)?;
        self.demand(is_optional(self.program, self.expr.ty), "it may give `none` and says otherwise")?;
        match part {
            PastPart::At => self.gives_maybe(&TypeShape::Time),
            PastPart::Exists => self.gives_maybe(&TypeShape::Bool),
            PastPart::Result | PastPart::Arg(_) => verbs.iter().try_for_each(|verb| {
                let Some(shape) = self.program.verbs.get(verb.index()) else { return Ok(()) };
                let ty = match part {
                    PastPart::Arg(arg) => shape.params.iter().find(|(slot, _)| *slot == arg).map(|(_, param)| param.ty),
                    _ => shape.result,
                };
                match ty {
                    Some(ty) => self.gives_type(ty),
                    None => self.flaw(format!("it asks of a call of `{}.{}` what that does not have", shape.tool, shape.name)),
                }
            }),
        }
    }

    pub(super) fn required(&mut self, verb: VerbId, args: &[(u32, ExprId)], since_last: Option<VerbId>) -> Checked {
        self.verbs(&[verb])?;
        self.verbs(since_last.as_slice())?;
        let params = self.program.verbs.get(verb.index()).map_or(&[][..], |verb| &verb.params);
        for (param, value) in args {
            let ty = self.operand(*value)?;
            within(*param as usize, params.len(), self.place, "parameter")?;
            let fits = params.get(*param as usize).is_some_and(|(_, field)| same(self.program, ty, field.ty));
            self.demand(fits, "an argument of the required call is not of its parameter's type")?;
        }
        self.gives(&TypeShape::Bool)
    }

    pub(super) fn limit(&mut self, id: LimitId) -> Checked {
        within(id.index(), self.program.limits.len(), self.place, "limit")?;
        let Some(limit) = self.program.limits.get(id.index()) else { return Ok(()) };
        let bound = self.operand(limit.bound)?;
        match limit.measure {
            Measure::Count => {
                self.demand(self.shape(bound) == Some(&TypeShape::Int), "the bound of a count is a whole number")?;
            }
            Measure::Distinct(value) => {
                self.operand(value)?;
                self.demand(self.shape(bound) == Some(&TypeShape::Int), "the bound of a count is a whole number")?;
                self.closed(value)?;
            }
            Measure::Sum(value) => {
                let ty = self.operand(value)?;
                let sums = self.shape(ty).is_some_and(is_number) && self.shape(ty) == self.shape(bound);
                self.demand(sums, "the bound of a sum is of another type than the sum")?;
                self.closed(value)?;
            }
        }
        self.operands(&limit.by)?;
        if let Some(when) = limit.when {
            self.of_shape(when, &TypeShape::Bool)?;
            self.closed(when)?;
        }
        self.closed(limit.bound)?;
        limit.by.iter().try_for_each(|by| self.closed(*by))
    }

    fn closed(&self, id: ExprId) -> Checked {
        self.demand(self.known.needs(id, &self.place)?.is_empty(), "a limit depends on a bound name")
    }
}
