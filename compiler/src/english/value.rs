//! Constants as a reader writes them.

use super::words::{duration, joined, spoken};
use super::{English, Reader, plain};
use crate::typed::{Expr, ExprKind, Type};
use agentc_runtime::value::{Cell, Value};

/// The days, Monday first.
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl English<'_> {
    /// A constant: `50 USD`, `30 days`, `delivered`, `"text"`.
    pub(super) fn constant(&self, value: &Value, ty: &Type) -> String {
        match (value, plain(ty)) {
            (Value::None, _) => "nothing".to_owned(),
            (Value::Bool(truth), _) => if *truth { "true" } else { "false" }.to_owned(),
            (Value::Int(number), _) => grouped(&number.to_string()),
            (Value::Decimal(number), _) => grouped(&number.to_string()),
            (Value::Money(amount, currency), _) => format!("{} {currency}", grouped(&amount.to_string())),
            (Value::Text(text), Type::Text | Type::Key(_)) => quoted(text),
            (Value::Text(text), _) => text.to_string(),
            (Value::Time(time), _) => time.to_string(),
            (Value::Date(date), _) => date.to_string(),
            (Value::TimeOfDay(time), _) => time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string(),
            (Value::Duration(length), _) => duration(i64::try_from(length.as_nanos()).unwrap_or(i64::MAX)),
            (Value::Weekday(day), _) => {
                let day = usize::from(*day).checked_sub(1).and_then(|day| DAYS.get(day));
                (*day.unwrap_or(&"a day")).to_owned()
            }
            (Value::Enum(variant), Type::Enum(id)) => {
                let declared = self.typed.enums.get(id.0 as usize).and_then(|decl| decl.variants.get(*variant as usize));
                declared.map_or_else(String::new, |variant| spoken(&variant.name))
            }
            (Value::Enum(variant), _) => variant.to_string(),
            (Value::List(members) | Value::Set(members), ty) => {
                let inner = if let Type::List(inner) | Type::Set(inner) = ty { inner } else { ty };
                let members: Vec<String> = members.iter().map(|member| self.constant(member, inner)).collect();
                if members.is_empty() { "nothing".to_owned() } else { joined(&members, "or") }
            }
            (Value::Map(entries), ty) => {
                let (key, value) = if let Type::Map(key, value) = ty { (&**key, &**value) } else { (ty, ty) };
                let entry = |(at, held): &(Value, Value)| format!("{}: {}", self.constant(at, key), self.constant(held, value));
                entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            }
            (Value::Record(cells), Type::Record(id)) => {
                let fields = self.typed.records.get(id.0 as usize).map_or(&[][..], |record| &record.fields);
                let cell = |(field, cell): (&crate::typed::Field, &Cell)| match cell {
                    Cell::Value(value) => Some(format!("{} {}", spoken(&field.name), self.constant(value, &field.ty))),
                    Cell::Malformed(_) | Cell::Unread => None,
                };
                fields.iter().zip(cells.iter()).filter_map(cell).collect::<Vec<_>>().join(", ")
            }
            (Value::Record(_), _) => "a record".to_owned(),
        }
    }

    /// Whether a value is a bound that the model must not learn: a number, an amount, a length or a point of time of the policy's own,
    /// other than nothing at all.
    pub(super) fn is_threshold(&self, expr: &Expr) -> bool {
        if self.reader == Reader::Person {
            return false;
        }
        let bare = self.bare(expr);
        match &bare.kind {
            ExprKind::Const(value) => is_amount(value),
            ExprKind::Arithmetic(_, left, right) => [left, right].iter().all(|side| {
                let side = self.bare(side);
                self.is_threshold(side) || is_constant(side) || side.kind == ExprKind::Now
            }),
            ExprKind::Negate(inner) => self.is_threshold(inner),
            ExprKind::ZonePart(_, time) | ExprKind::InZone(time, _) => self.is_threshold(time),
            ExprKind::At(date, time, _) => self.is_threshold(date) || self.is_threshold(time),
            ExprKind::If(_, then, otherwise) => self.is_threshold(then) || self.is_threshold(otherwise),
            ExprKind::Match(_, arms) => arms.iter().any(|arm| self.is_threshold(&arm.value)),
            // What a function of the policy makes of a tier or a day is a bound as well as a number is.
            ExprKind::CallFn(id, _) => {
                is_measured(&bare.ty) && self.function(*id).is_some_and(|function| holds_an_amount(&function.body))
            }
            _ => false,
        }
    }
}

/// Whether an expression has a number of the policy's own in it.
pub(super) fn holds_an_amount(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Const(value) if is_amount(value)) || expr.kind.operands().into_iter().any(holds_an_amount)
}

/// Whether values of a type are more or less: numbers, amounts, times.
pub(super) fn is_measured(ty: &Type) -> bool {
    use Type::{Date, Decimal, Duration, Int, Money, Time, TimeOfDay};
    matches!(plain(ty), Int | Decimal | Money(_) | Duration | Time | Date | TimeOfDay)
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Const(_))
}

fn is_amount(value: &Value) -> bool {
    match value {
        Value::Int(number) => *number != 0,
        Value::Decimal(number) | Value::Money(number, _) => number.coefficient() != 0,
        Value::Duration(length) => !length.is_zero(),
        Value::Time(_) | Value::Date(_) | Value::TimeOfDay(_) => true,
        _ => false,
    }
}

/// A text in quotes on one line: a line break as `\n`, a quote in single quotes.
fn quoted(text: &str) -> String {
    let on_one_line: String = text
        .chars()
        .map(|character| if character.is_control() { character.escape_default().to_string() } else { character.to_string() })
        .collect();
    if text.contains('"') { format!("'{on_one_line}'") } else { format!("\"{on_one_line}\"") }
}

/// Digits in groups of three, from five before the point on: `12,000`.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = sign.to_owned();
    let long = whole.len() > 4;
    for (from_end, digit) in (0..whole.len()).rev().zip(whole.chars()) {
        text.push(digit);
        if long && from_end > 0 && from_end.checked_rem(3) == Some(0) {
            text.push(',');
        }
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(grouped("1000"), "1000");
        assert_eq!(grouped("12345678.125"), "12,345,678.125");
        assert_eq!(grouped("-10000"), "-10,000");
        assert_eq!(grouped("0.7"), "0.7");
    }
}
