//! Conversions: the few that the language makes by itself, and what is said where none fits.

use super::literal::optional;
use super::{Checked, Checker, Reported};
use crate::diagnostic::codes::{Mismatch, MixedCurrencies, OptionalUsed};
use crate::typed::{self, ExprKind, RecordId, Type};
use agentc_runtime::decimal::Decimal;
use agentc_runtime::value::Value;

/// Keys of keys of keys: more than anybody writes, few enough to end.
const MAX_KEY_CHAIN: usize = 16;

impl Checker<'_, '_> {
    /// The expression as the type, or an error.
    pub(super) fn coerce(&mut self, found: typed::Expr, want: &Type) -> Checked<typed::Expr> {
        self.convert(found, want).map_err(|found| self.mismatch(&found, want))
    }

    /// The expression as the type; given back where it cannot be.
    fn convert(&self, found: typed::Expr, want: &Type) -> Result<typed::Expr, Box<typed::Expr>> {
        if found.ty == *want {
            return Ok(found);
        }
        match (&found.ty, want) {
            (Type::Optional(_), Type::Optional(_)) if found.kind == ExprKind::Const(Value::None) => {
                Ok(typed::Expr { ty: want.clone(), ..found })
            }
            (Type::Optional(from), Type::Optional(to)) if self.keys_agree(from, to) => Ok(as_key(found, want)),
            (Type::Optional(_), _) => Err(Box::new(found)),
            (_, Type::Optional(inner)) => {
                let inner = self.convert(found, inner)?;
                Ok(wrap(inner, want.clone(), ExprKind::ToOptional))
            }
            (Type::Int, Type::Decimal) => Ok(to_decimal(found)),
            (from, to) if self.keys_agree(from, to) => Ok(as_key(found, want)),
            _ => Err(Box::new(found)),
        }
    }

    /// Says that a value is not of the type that is wanted.
    pub(super) fn mismatch(&mut self, found: &typed::Expr, want: &Type) -> Reported {
        let loc = found.loc;
        match (&found.ty, want) {
            (Type::Optional(inner), want) if !matches!(want, Type::Optional(_)) && self.would_convert(inner, want) => {
                self.report(OptionalUsed { found: found.ty.clone(), loc })
            }
            (Type::Money(left), Type::Money(right)) => {
                self.report(MixedCurrencies { left: *right, right: *left, loc, other: None })
            }
            _ => self.report(Mismatch { expected: want.clone(), found: found.ty.clone(), loc }),
        }
    }

    fn would_convert(&self, from: &Type, to: &Type) -> bool {
        from == to || matches!((from, to), (Type::Int, Type::Decimal)) || self.keys_agree(from, to)
    }

    /// A value that may be absent where one is needed.
    pub(super) fn needs_value(&mut self, found: typed::Expr) -> Checked<typed::Expr> {
        if matches!(found.ty, Type::Optional(_)) {
            let loc = found.loc;
            return Err(self.report(OptionalUsed { found: found.ty, loc }));
        }
        Ok(found)
    }

    /// Whether one is a key and the other the type that the key has, directly or through further keys.
    pub(super) fn keys_agree(&self, one: &Type, other: &Type) -> bool {
        self.leads_to(one, other) || self.leads_to(other, one)
    }

    fn leads_to(&self, from: &Type, to: &Type) -> bool {
        let mut step = from.clone();
        for _ in 0..MAX_KEY_CHAIN {
            let Type::Key(record) = step else { return false };
            let Some(own) = self.own_type(record) else { return false };
            if own == *to {
                return true;
            }
            step = own;
        }
        false
    }

    /// The type of a record's key, where it is of one part.
    pub(super) fn own_type(&self, record: RecordId) -> Option<Type> {
        let decl = self.hir.typed.records.get(record.0 as usize)?;
        match decl.key.as_slice() {
            [only] => decl.fields.get(*only as usize).map(|field| field.ty.clone()),
            _ => None,
        }
    }

    /// The type at the end of a chain of keys.
    pub(super) fn base(&self, ty: &Type) -> Type {
        let mut step = ty.clone();
        for _ in 0..MAX_KEY_CHAIN {
            match &step {
                Type::Key(record) => match self.own_type(*record) {
                    Some(own) => step = own,
                    None => return step,
                },
                _ => return step,
            }
        }
        step
    }
}

/// An integer as a decimal.
pub(super) fn to_decimal(found: typed::Expr) -> typed::Expr {
    match found.kind {
        ExprKind::Const(Value::Int(number)) => {
            typed::Expr { kind: ExprKind::Const(Value::Decimal(Decimal::from(number))), ty: Type::Decimal, ..found }
        }
        _ => wrap(found, Type::Decimal, ExprKind::ToDecimal),
    }
}

/// A value where an optional one is wanted.
pub(super) fn to_optional(found: typed::Expr) -> typed::Expr {
    match found.ty {
        Type::Optional(_) => found,
        _ => {
            let ty = optional(found.ty.clone());
            wrap(found, ty, ExprKind::ToOptional)
        }
    }
}

/// A value of a key's own type as the key.
pub(super) fn as_key(found: typed::Expr, want: &Type) -> typed::Expr {
    match found.kind {
        ExprKind::Const(_) => typed::Expr { ty: want.clone(), ..found },
        _ => wrap(found, want.clone(), ExprKind::ToKey),
    }
}

/// One expression around another, at the same place.
pub(super) fn wrap(inner: typed::Expr, ty: Type, form: impl FnOnce(Box<typed::Expr>) -> ExprKind) -> typed::Expr {
    let (provenance, loc) = (inner.provenance, inner.loc);
    typed::Expr { kind: form(Box::new(inner)), ty, provenance, loc }
}
