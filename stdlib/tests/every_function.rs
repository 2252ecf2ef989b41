//! What holds for every function: it ends with a value of its declared shape, or with a fault, whatever it is given.

use agentc_runtime::decimal::Decimal;
use agentc_runtime::library::{Constant, Shape};
use agentc_runtime::types::Currency;
use agentc_runtime::value::{Fault, Value};
use agentc_stdlib::{MAX_ITEMS, MAX_TEXT_BYTES, library};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

const WORDS: [&str; 14] = [
    "",
    " ",
    "a",
    "A\u{301}ß",
    "İΣς",
    "a.b.c",
    "-0.50",
    "9223372036854775808",
    "1e99",
    "/",
    "@",
    "%2e",
    "\0\n\u{202e}",
    "acme.com",
];
const EMAILS: [&str; 2] = ["ann@acme.com", "O'Neil+x@mail.acme.com"];
const URLS: [&str; 4] =
    ["https://acme.com/", "http://[::1]:8080/a/b/?x=1&x=2#z", "https://xn--mller-kva.de/%C3%BC?acme.com=a+b", "ftp://127.0.0.1/"];
const PATHS: [&str; 4] = ["/", "/srv", "/srv/data/a.tar.gz", "/srv/.env"];

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::text(text)).collect()
}

/// Values that fit a shape, the outermost ones among them.
fn values(shape: Shape) -> Vec<Value> {
    let decimals = || {
        let texts = ["0", "-0.5", "2.345", "1e28", "-1e38", "1e-28", "170141183460469231731687303715884105727"];
        texts.into_iter().filter_map(|text| text.parse::<Decimal>().ok())
    };
    match shape {
        Shape::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Shape::Int => [0, 1, -1, 2, 28, 29, 7_000_000, i64::MIN, i64::MAX].map(Value::Int).into(),
        Shape::Decimal => decimals().map(Value::Decimal).collect(),
        Shape::Text => {
            [texts(&WORDS), vec![Value::text(&"ΐ".repeat(MAX_TEXT_BYTES / 2)), Value::text(&"a ".repeat(MAX_ITEMS + 1))]].concat()
        }
        Shape::Money => {
            let currencies = ["USD", "JPY"].into_iter().filter_map(Currency::new);
            currencies.flat_map(|currency| decimals().map(move |number| Value::Money(number, currency))).collect()
        }
        Shape::Time => [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX].map(Value::Time).into(),
        Shape::Date => [Date::MIN, Date::constant(2024, 2, 29), Date::MAX].map(Value::Date).into(),
        Shape::TimeOfDay => [Time::MIN, Time::MAX].map(Value::TimeOfDay).into(),
        Shape::Duration => [SignedDuration::MIN, SignedDuration::ZERO, SignedDuration::MAX].map(Value::Duration).into(),
        Shape::Weekday => (1..=7).map(Value::Weekday).collect(),
        Shape::Email => texts(&EMAILS),
        Shape::Url => texts(&URLS),
        Shape::Path => texts(&PATHS),
        Shape::Any | Shape::Comparable => texts(&["a", "b"]),
        Shape::List(of) => {
            let members = values(*of);
            vec![
                Value::List([].into()),
                Value::List(members.clone().into()),
                Value::List([members.clone(), members].concat().into()),
            ]
        }
        Shape::Set(of) => vec![Value::set(Vec::new()), Value::set(values(*of))],
        Shape::Map(of) => {
            let entries = texts(&["a", "b"]).into_iter().zip(values(*of)).collect::<Vec<_>>();
            vec![Value::Map([].into()), Value::Map(entries.into())]
        }
        Shape::Optional(of) => [vec![Value::None], values(*of)].concat(),
    }
}

/// Whether a value is one of that shape, in normal form and within the bounds.
fn fits(value: &Value, shape: Shape) -> bool {
    match (shape, value) {
        (Shape::Any | Shape::Comparable, value) => *value != Value::None,
        (Shape::Optional(_), Value::None) => true,
        (Shape::Optional(of), value) => fits(value, *of),
        (Shape::List(of), Value::List(items)) => items.len() <= MAX_ITEMS && items.iter().all(|item| fits(item, *of)),
        (Shape::Set(of), Value::Set(items)) => {
            items.len() <= MAX_ITEMS && items.is_sorted_by(|a, b| a < b) && items.iter().all(|item| fits(item, *of))
        }
        (Shape::Text, Value::Text(text)) => text.len() <= MAX_TEXT_BYTES,
        (Shape::Email, Value::Text(text)) => agentc_runtime::text::email::normalise(text).as_deref() == Ok(text),
        (Shape::Url, Value::Text(text)) => agentc_runtime::text::url::normalise(text).as_deref() == Ok(text),
        (Shape::Path, Value::Text(text)) => agentc_runtime::text::path::normalise(text).as_deref() == Ok(text),
        (Shape::Bool, Value::Bool(_))
        | (Shape::Int, Value::Int(_))
        | (Shape::Decimal, Value::Decimal(_))
        | (Shape::Money, Value::Money(..))
        | (Shape::Time, Value::Time(_))
        | (Shape::Date, Value::Date(_))
        | (Shape::TimeOfDay, Value::TimeOfDay(_))
        | (Shape::Duration, Value::Duration(_))
        | (Shape::Weekday, Value::Weekday(1..=7)) => true,
        _ => false,
    }
}

#[test]
fn every_function_gives_its_shape_or_a_fault() {
    for function in library().functions {
        let mut calls: Vec<Vec<Value>> = vec![Vec::new()];
        for parameter in function.params {
            let choices = match parameter.constant {
                Constant::OneOf(words) => texts(words),
                Constant::No | Constant::Yes => values(parameter.shape),
            };
            calls = calls
                .iter()
                .flat_map(|call| choices.iter().map(|choice| [call.clone(), vec![choice.clone()]].concat()))
                .collect();
        }
        let mut given = 0;
        for call in &calls {
            match (function.apply)(call) {
                Ok(value) => {
                    assert!(fits(&value, function.result), "`{}` of {call:.200?} gave {value:.200?}", function.name);
                    given += 1;
                }
                Err(Fault::Overflow) => {}
                Err(Fault::Malformed(why)) => assert!(!why.is_empty(), "`{}` says why", function.name),
            }
        }
        assert!(given > 0, "`{}` gives something", function.name);
    }
}
