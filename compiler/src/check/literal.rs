//! Literals: exact values, with the type that the surroundings ask for.

use super::{Checked, Checker, Reported};
use crate::diagnostic::codes::{MalformedLiteral, MalformedText, NumberTooLarge, TypeUnclear, Unclear, VariantAsText};
use crate::diagnostic::suggest;
use crate::resolve;
use crate::typed::{self, EnumId, Type};
use agentc_grammar::ast::Literal;
use agentc_grammar::span::Span;
use agentc_runtime::decimal::Decimal;
use agentc_runtime::text;
use agentc_runtime::value::Value;
use jiff::{SignedDuration, Timestamp, civil};

impl Checker<'_, '_> {
    /// A literal, with a minus before it where `negative` says so.
    pub(super) fn literal(&mut self, literal: &Literal, negative: bool, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        let sign = if negative { "-" } else { "" };
        match literal {
            Literal::Bool(truth) => Ok(self.constant(Value::Bool(*truth), Type::Bool, span)),
            Literal::Int(digits) if self.wants_decimal(hint) => self.decimal(&format!("{sign}{digits}"), span),
            Literal::Int(digits) => {
                let number = format!("{sign}{digits}").parse().map_err(|_| self.too_large(span, "a 64-bit integer"))?;
                Ok(self.constant(Value::Int(number), Type::Int, span))
            }
            Literal::Decimal(digits) => self.decimal(&format!("{sign}{digits}"), span),
            Literal::Percent(digits) => {
                let hundredth = Decimal::new(1, 2).and_then(|hundredth| {
                    let number: Decimal = format!("{sign}{digits}").parse().map_err(|_| agentc_runtime::decimal::Overflow)?;
                    number.checked_mul(hundredth)
                });
                let number = hundredth.map_err(|_| self.too_large(span, DECIMAL))?;
                Ok(self.constant(Value::Decimal(number), Type::Decimal, span))
            }
            Literal::Text(content) => self.text_literal(content, span, hint),
            Literal::Money(amount, code) => {
                let amount: Decimal = format!("{sign}{amount}").parse().map_err(|_| self.too_large(span, DECIMAL))?;
                let loc = self.loc(span);
                let currency = resolve::currency(code, loc, self.problems).ok_or(Reported(()))?;
                Ok(self.constant(Value::Money(amount, currency), Type::Money(currency), span))
            }
            Literal::Time(content) => {
                let time: Timestamp = content
                    .parse()
                    .map_err(|_| self.malformed(span, "time", "there is no such time; write `2026-05-04T10:00:00Z`"))?;
                Ok(self.constant(Value::Time(time), Type::Time, span))
            }
            Literal::Date(content) => {
                let date = self.date(content, span)?;
                Ok(self.constant(Value::Date(date), Type::Date, span))
            }
            Literal::TimeOfDay(content) => {
                let time: civil::Time = content
                    .parse()
                    .map_err(|_| self.malformed(span, "time of day", "the day goes from `00:00` to `23:59:59`"))?;
                Ok(self.constant(Value::TimeOfDay(time), Type::TimeOfDay, span))
            }
            Literal::Duration(duration) => {
                let nanoseconds = if negative { duration.nanoseconds.saturating_neg() } else { duration.nanoseconds };
                Ok(self.constant(Value::Duration(SignedDuration::from_nanos(nanoseconds)), Type::Duration, span))
            }
            Literal::None => {
                let Some(hint) = hint else {
                    let loc = self.loc(span);
                    return Err(self.report(TypeUnclear { what: Unclear::None, loc }));
                };
                Ok(self.constant(Value::None, optional(hint.clone()), span))
            }
        }
    }

    /// A text literal: plain text, or the kind of text or key that is asked for.
    fn text_literal(&mut self, content: &str, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        let hint = hint.map(plain);
        let ty = match hint {
            Some(key @ Type::Key(_)) => {
                let base = self.base(key);
                if base == *key {
                    // A composite key has no text of its own.
                    return Ok(self.constant(Value::text(content), Type::Text, span));
                }
                let inner = self.text_literal(content, span, Some(&base))?;
                return Ok(if inner.ty == base { typed::Expr { ty: key.clone(), ..inner } } else { inner });
            }
            Some(Type::Enum(id)) => return Err(self.variant_as_text(*id, content, span)),
            Some(ty @ (Type::Email | Type::Url | Type::Path | Type::Zone)) => ty.clone(),
            _ => return Ok(self.constant(Value::text(content), Type::Text, span)),
        };
        let normal = match &ty {
            Type::Email => text::email::normalise(content).map_err(|error| error.to_string()),
            Type::Url => text::url::normalise(content).map_err(|error| error.to_string()),
            Type::Path => text::path::normalise(content).map_err(|error| error.to_string()),
            _ => self.zone_name(content, span).map(Ok)?,
        };
        match normal {
            Ok(normal) => Ok(self.constant(Value::text(&normal), ty, span)),
            Err(why) => {
                let loc = self.loc(span);
                Err(self.report(MalformedText { ty, content: content.to_owned(), why, loc }))
            }
        }
    }

    /// The day that a text names.
    pub(super) fn date(&mut self, content: &str, span: Span) -> Checked<civil::Date> {
        content.parse().map_err(|_| self.malformed(span, "date", "the calendar has no such day"))
    }

    fn decimal(&mut self, digits: &str, span: Span) -> Checked<typed::Expr> {
        let number: Decimal = digits.parse().map_err(|_| self.too_large(span, DECIMAL))?;
        Ok(self.constant(Value::Decimal(number), Type::Decimal, span))
    }

    fn wants_decimal(&self, hint: Option<&Type>) -> bool {
        hint.map(plain) == Some(&Type::Decimal)
    }

    fn variant_as_text(&mut self, id: EnumId, content: &str, span: Span) -> Reported {
        let variants = self.hir.typed.enums.get(id.0 as usize).map_or(&[][..], |decl| &decl.variants);
        let named = variants
            .iter()
            .find(|variant| variant.name == content || variant.texts.iter().any(|text| text == content))
            .map(|variant| variant.name.as_str())
            .or_else(|| suggest::nearest(content, variants.iter().map(|variant| variant.name.as_str())));
        let named = named.map(str::to_owned);
        let loc = self.loc(span);
        self.report(VariantAsText { id, content: content.to_owned(), named, loc })
    }

    fn malformed(&mut self, span: Span, what: &'static str, why: impl Into<String>) -> Reported {
        let loc = self.loc(span);
        self.report(MalformedLiteral { what, why: why.into(), loc })
    }

    pub(super) fn too_large(&mut self, span: Span, fits: &'static str) -> Reported {
        let loc = self.loc(span);
        self.report(NumberTooLarge { fits, loc })
    }
}

/// What a decimal literal must fit.
const DECIMAL: &str = "a decimal of at most 38 digits, 28 of them after the point";

/// The type without its `?`.
pub(super) fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => inner,
        other => other,
    }
}

/// The type with one `?`, never two.
pub(super) fn optional(ty: Type) -> Type {
    match ty {
        already @ Type::Optional(_) => already,
        other => Type::Optional(Box::new(other)),
    }
}
