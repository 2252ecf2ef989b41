//! JSON text and a type: the value, or the exact message.

use super::{Audience, arguments, fields, held_key, key, record, result, words, write, write_fields, write_key};
use crate::json::Json;
use crate::policy::Policy;
use crate::program::{FieldShape, TypeId, TypeShape, VerbId};
use crate::testing::{Build, usd};
use crate::types::{Currency, Encoding, RecordId};
use crate::value::{Cell, Value};
use std::sync::Arc;

fn json(text: &str) -> Json {
    Json::read(text.as_bytes()).unwrap()
}

/// One field `x` of that type, and the policy around it.
struct One {
    policy: Policy,
    field: FieldShape,
}

fn one(build: &mut Build, shape: TypeShape, encoding: Encoding) -> One {
    let field = FieldShape { encoding, ..build.field("x", shape) };
    One { policy: build.policy(), field }
}

impl One {
    /// What a member `x` of that text is read as: in the words of a policy, or the message.
    fn reads(&self, text: &str) -> Result<String, String> {
        let object = Json::object([("x", json(text))]);
        let values = fields(&self.policy, std::slice::from_ref(&self.field), &object).map_err(|misfits| misfits.to_string())?;
        Ok(words(&self.policy, self.field.ty, &values[0], Audience::Host))
    }

    /// The text that the value of a text is written as.
    fn writes(&self, text: &str) -> String {
        let object = Json::object([("x", json(text))]);
        let values = fields(&self.policy, std::slice::from_ref(&self.field), &object).unwrap();
        write(&self.policy, self.field.ty, &self.field.encoding, &values[0], Audience::Host).to_string()
    }
}

fn check(build: &mut Build, shape: &TypeShape, encoding: &Encoding, cases: &[(&str, Result<&str, &str>)]) {
    let one = one(build, shape.clone(), encoding.clone());
    for (text, expected) in cases {
        let expected = expected.map(str::to_owned).map_err(|why| format!("`x` {why}"));
        assert_eq!(one.reads(text), expected, "{text} as {shape:?}");
    }
}

fn plain(shape: TypeShape, cases: &[(&str, Result<&str, &str>)]) {
    check(&mut Build::default(), &shape, &Encoding::Plain, cases);
}

#[test]
fn truth_values_and_numbers() {
    let whole = |what: &str| format!("must be a whole number of 64 bits, not {what}");
    plain(
        TypeShape::Bool,
        &[
            ("true", Ok("true")),
            ("\"true\"", Err("must be true or false, not the text `true`")),
            ("1", Err("must be true or false, not `1`")),
            ("null", Err("is missing")),
        ],
    );
    plain(
        TypeShape::Int,
        &[
            ("40", Ok("40")),
            ("-9223372036854775808", Ok("-9223372036854775808")),
            ("1.0", Ok("1")),
            ("1e2", Ok("100")),
            ("1.5", Err(&whole("`1.5`"))),
            ("9223372036854775808", Err(&whole("`9223372036854775808`"))),
            ("1e400", Err(&whole("`1e400`"))),
            ("\"40\"", Err(&whole("the text `40`"))),
            ("[1]", Err(&whole("a list"))),
        ],
    );
    let decimal = |what: &str| format!("must be a number of at most 28 digits after the point, not {what}");
    plain(
        TypeShape::Decimal,
        &[
            ("0.70", Ok("0.7")),
            ("\"0.7\"", Ok("0.7")),
            ("0.1000000000000000055511151231257827", Err(&decimal("`0.1000000000000000055511151231257827`"))),
            ("\"0,7\"", Err(&decimal("the text `0,7`"))),
            ("true", Err(&decimal("a truth value"))),
        ],
    );
}

#[test]
fn money_in_all_its_forms() {
    let usd_type = TypeShape::Money(usd());
    plain(
        usd_type.clone(),
        &[
            ("40", Ok("40 USD")),
            ("40.50", Ok("40.5 USD")),
            ("\"40.50\"", Ok("40.5 USD")),
            (r#"{"amount": "40", "currency": "USD"}"#, Ok("40 USD")),
            (r#"{"amount": 40, "currency": "usd"}"#, Ok("40 USD")),
            (r#"{"amount": 40, "currency": "EUR"}"#, Err("must be an amount of USD, not of `EUR`")),
            (r#"{"amount": 40}"#, Err("must be an amount of USD, with its `currency`")),
            (r#"{"currency": "USD"}"#, Err("must be an amount of USD, not an object")),
            ("\"40 USD\"", Err("must be an amount of USD, not the text `40 USD`")),
            ("\"$40\"", Err("must be an amount of USD, not the text `$40`")),
        ],
    );
    let one = one(&mut Build::default(), usd_type.clone(), Encoding::Plain);
    let extra = one.reads(r#"{"amount": 40, "currency": "USD", "fee": 1}"#);
    assert_eq!(extra, Err("`x.fee` is not expected here; expected `amount`, `currency`".into()));
    check(
        &mut Build::default(),
        &usd_type,
        &Encoding::MinorUnits,
        &[
            ("4050", Ok("40.5 USD")),
            ("\"4050\"", Ok("40.5 USD")),
            (r#"{"amount": 4050, "currency": "USD"}"#, Ok("40.5 USD")),
            ("40.5", Err("must be a whole number of minor units of USD, not `40.5`")),
        ],
    );
    let yen = TypeShape::Money(Currency::new("JPY").unwrap());
    check(&mut Build::default(), &yen, &Encoding::MinorUnits, &[("4050", Ok("4050 JPY"))]);
    let dinar = TypeShape::Money(Currency::new("KWD").unwrap());
    check(&mut Build::default(), &dinar, &Encoding::MinorUnits, &[("4050", Ok("4.05 KWD"))]);
}

#[test]
fn times_with_and_without_a_zone() {
    let wanted = "must be a time with a zone, such as `2026-05-04T10:00:00Z`";
    let not = |text: &str| format!("{wanted}, not the text `{text}`");
    plain(
        TypeShape::Time,
        &[
            ("\"2026-05-04T10:00:00Z\"", Ok("2026-05-04T10:00:00Z")),
            ("\"9999-12-30T22:00:00Z\"", Ok("9999-12-30T22:00:00Z")),
            ("\"9999-12-31T23:59:59Z\"", Err("must be a time up to `9999-12-30T22:00:00Z`, not the text `9999-12-31T23:59:59Z`")),
            ("\"2026-05-04t10:00:00.5+02:00\"", Ok("2026-05-04T08:00:00.5Z")),
            ("\"2026-05-04 10:00-04:00\"", Ok("2026-05-04T14:00:00Z")),
            ("\"2026-05-04T10:00:00\"", Err(&not("2026-05-04T10:00:00"))),
            ("\"2026-05-04\"", Err(&not("2026-05-04"))),
            ("\"2026-02-30T10:00:00Z\"", Err(&not("2026-02-30T10:00:00Z"))),
            ("\"2026-05-04T10:00:00+0200\"", Err(&not("2026-05-04T10:00:00+0200"))),
            ("\"2026-05-04T10:00:00Z[Europe/Paris]\"", Err(&not("2026-05-04T10:00:00Z[Europe/Paris]"))),
            ("1777888800", Err(&format!("{wanted}, not `1777888800`"))),
        ],
    );
    check(
        &mut Build::default(),
        &TypeShape::Time,
        &Encoding::EpochSeconds,
        &[
            ("0", Ok("1970-01-01T00:00:00Z")),
            ("1777888800.5", Ok("2026-05-04T10:00:00.5Z")),
            ("-1", Ok("1969-12-31T23:59:59Z")),
            ("1e30", Err("must be a number of seconds, not `1e30`")),
            ("\"0\"", Err("must be a number of seconds, not the text `0`")),
        ],
    );
    check(
        &mut Build::default(),
        &TypeShape::Time,
        &Encoding::EpochMilliseconds,
        &[("1777888800500", Ok("2026-05-04T10:00:00.5Z"))],
    );
    let mut build = Build::default();
    build.zone("America/New_York");
    let wanted = "must be a time such as `2026-05-04T10:00:00`, in America/New_York where it has no zone, not the text";
    check(
        &mut build,
        &TypeShape::Time,
        &Encoding::InZone("America/New_York".into()),
        &[
            ("\"2026-05-04T10:00:00\"", Ok("2026-05-04T14:00:00Z")),
            // A gap and a fold.
            ("\"2026-03-08T02:30:00\"", Ok("2026-03-08T07:30:00Z")),
            ("\"2026-11-01T01:30:00\"", Ok("2026-11-01T05:30:00Z")),
            // A zone of its own is kept.
            ("\"2026-05-04T10:00:00Z\"", Ok("2026-05-04T10:00:00Z")),
            ("\"2026-05-04\"", Err(&format!("{wanted} `2026-05-04`"))),
            ("\"2026-05-04T10:00:00+99:00\"", Err(&format!("{wanted} `2026-05-04T10:00:00+99:00`"))),
        ],
    );
}

#[test]
fn dates_clocks_durations_and_weekdays() {
    plain(
        TypeShape::Date,
        &[
            ("\"2028-02-29\"", Ok("2028-02-29")),
            ("\"2026-02-29\"", Err("must be a date such as `2026-05-04`, not the text `2026-02-29`")),
            ("\"2026-2-9\"", Err("must be a date such as `2026-05-04`, not the text `2026-2-9`")),
        ],
    );
    plain(
        TypeShape::TimeOfDay,
        &[
            ("\"18:30\"", Ok("18:30:00")),
            ("\"18:30:15.5\"", Ok("18:30:15.5")),
            ("\"25:00\"", Err("must be a time of day such as `18:30`, not the text `25:00`")),
            ("\"6pm\"", Err("must be a time of day such as `18:30`, not the text `6pm`")),
        ],
    );
    let not = |text: &str| format!("must be a duration such as `PT15M`, not the text `{text}`");
    plain(
        TypeShape::Duration,
        &[
            ("\"PT15M\"", Ok("15m")),
            ("\"P1DT2H30M\"", Ok("1d 2h 30m")),
            ("\"P2W\"", Ok("14d")),
            ("\"PT0.5S\"", Ok("0.5s")),
            ("\"-PT1H\"", Ok("-1h")),
            ("\"PT0S\"", Ok("0s")),
            ("\"P1M\"", Err(&not("P1M"))),
            ("\"P1Y\"", Err(&not("P1Y"))),
            ("\"PT\"", Err(&not("PT"))),
            ("\"P\"", Err(&not("P"))),
            ("\"PT1M1H\"", Err(&not("PT1M1H"))),
            ("\"PT1.5H\"", Err(&not("PT1.5H"))),
            ("\"15m\"", Err(&not("15m"))),
        ],
    );
    check(&mut Build::default(), &TypeShape::Duration, &Encoding::EpochSeconds, &[("90", Ok("1m 30s"))]);
    plain(
        TypeShape::Weekday,
        &[
            ("\"Monday\"", Ok("monday")),
            ("\"mon\"", Err("must be a day of the week such as `monday`, not the text `mon`")),
            ("1", Err("must be a day of the week such as `monday`, not `1`")),
        ],
    );
    let mut build = Build::default();
    build.zone("Asia/Tokyo");
    check(
        &mut build,
        &TypeShape::Zone,
        &Encoding::Plain,
        &[
            ("\"Asia/Tokyo\"", Ok("\"Asia/Tokyo\"")),
            ("\"Asia/Kyoto\"", Err("must be a time zone that the policy knows, not the text `Asia/Kyoto`")),
        ],
    );
}

#[test]
fn normalised_texts_and_enums() {
    plain(
        TypeShape::Email,
        &[
            ("\"Ann@Example.COM\"", Ok("\"Ann@example.com\"")),
            ("\"ann\"", Err("must be an e-mail address, not the text `ann`: an e-mail address has exactly one `@`")),
            ("7", Err("must be an e-mail address, not `7`")),
        ],
    );
    plain(
        TypeShape::Path,
        &[
            ("\"/srv/./data/../x\"", Ok("\"/srv/x\"")),
            ("\"srv\"", Err("must be an absolute path, not the text `srv`: a path begins with one `/`")),
        ],
    );
    plain(TypeShape::Url, &[("\"HTTPS://Example.com\"", Ok("\"https://example.com/\""))]);
    let mut build = Build::default();
    let answer = build.enumeration("Answer", &[("yes", &["yes", "Y"]), ("no", &["no"])]);
    check(
        &mut build,
        &TypeShape::Enum(answer),
        &Encoding::Plain,
        &[
            ("\"yes\"", Ok("yes")),
            ("\"Y\"", Ok("yes")),
            ("\"YES\"", Err("must be one of `yes`, `Y`, `no`, not the text `YES`")),
            ("true", Err("must be one of `yes`, `Y`, `no`, not a truth value")),
        ],
    );
    assert_eq!(one(&mut build, TypeShape::Enum(answer), Encoding::Plain).writes("\"Y\""), "\"yes\"");
}

#[test]
fn collections() {
    let mut build = Build::default();
    let ints = build.list_of(TypeShape::Int);
    check(
        &mut build,
        &ints,
        &Encoding::Plain,
        &[("[2, 1, 2]", Ok("[2, 1, 2]")), ("[]", Ok("[]")), ("1", Err("must be a list, not a number"))],
    );
    let one_list = one(&mut build, ints, Encoding::Plain);
    assert_eq!(one_list.reads("[1, true]"), Err("`x[1]` must be a whole number of 64 bits, not a truth value".into()));
    let set = TypeShape::Set(build.ty(TypeShape::Int));
    check(&mut build, &set, &Encoding::Plain, &[("[2, 1, 2]", Ok("[1, 2]"))]);
    let maybe = build.optional(TypeShape::Int);
    check(&mut build, &maybe, &Encoding::Plain, &[("null", Ok("none")), ("1", Ok("1"))]);
    let map = TypeShape::Map(build.ty(TypeShape::Email), build.ty(TypeShape::Int));
    let one_map = one(&mut build, map, Encoding::Plain);
    assert_eq!(one_map.reads(r#"{"b@x.example": 2, "a@x.example": 1}"#), Ok(r#"{ "a@x.example": 1, "b@x.example": 2 }"#.into()));
    assert_eq!(
        one_map.reads(r#"{"a@x.example": 1, "a@X.example": 2}"#),
        Err("`x` has two members whose names mean the same".into())
    );
    assert_eq!(
        one_map.reads(r#"{"a": 1}"#),
        Err("`x.a` must be an e-mail address, not the text `a`: an e-mail address has exactly one `@`".into())
    );
    let by_day = TypeShape::Map(build.ty(TypeShape::Date), build.ty(TypeShape::Bool));
    assert_eq!(one(&mut build, by_day, Encoding::Plain).writes(r#"{"2026-05-04": true}"#), r#"{"2026-05-04":true}"#);
    let by_number = TypeShape::Map(build.ty(TypeShape::Int), build.ty(TypeShape::Bool));
    assert_eq!(one(&mut build, by_number, Encoding::Plain).writes(r#"{"7": true}"#), r#"{"7":true}"#);
}

#[test]
fn what_is_read_is_written_in_the_same_form() {
    let mut build = Build::default();
    build.zone("Asia/Tokyo");
    let dollars = TypeShape::Money(usd());
    for (shape, encoding, text) in [
        (TypeShape::Bool, Encoding::Plain, "true"),
        (TypeShape::Int, Encoding::Plain, "-7"),
        (TypeShape::Decimal, Encoding::Plain, "0.7"),
        (TypeShape::Text, Encoding::Plain, "\"a\\nb\""),
        (dollars.clone(), Encoding::Plain, "40.5"),
        (dollars, Encoding::MinorUnits, "4050"),
        (TypeShape::Time, Encoding::Plain, "\"2026-05-04T10:00:00.5Z\""),
        (TypeShape::Time, Encoding::EpochSeconds, "1777888800.5"),
        (TypeShape::Time, Encoding::EpochMilliseconds, "1777888800500"),
        (TypeShape::Time, Encoding::InZone("Asia/Tokyo".into()), "\"2026-05-04T10:00:00Z\""),
        (TypeShape::Date, Encoding::Plain, "\"2026-05-04\""),
        (TypeShape::TimeOfDay, Encoding::Plain, "\"18:30:00\""),
        (TypeShape::Duration, Encoding::Plain, "\"PT15M\""),
        (TypeShape::Duration, Encoding::EpochSeconds, "90"),
        (TypeShape::Weekday, Encoding::Plain, "\"monday\""),
        (TypeShape::Zone, Encoding::Plain, "\"Asia/Tokyo\""),
        (TypeShape::Email, Encoding::Plain, "\"a@x.example\""),
    ] {
        assert_eq!(one(&mut build, shape.clone(), encoding).writes(text), text, "{shape:?}");
    }
}

/// `refund(order: Key<Pull> from "pull", to: Email?, lines: List<Line> from "body.lines")`, where `Pull` is keyed by repo and number.
fn shop() -> (Policy, VerbId, RecordId) {
    let mut build = Build::default();
    let key = [("repo", TypeShape::Text), ("number", TypeShape::Int)].map(|(name, shape)| build.field(name, shape));
    let mut title = build.field("title", TypeShape::Text);
    title.path = vec!["head".into(), "title".into()];
    let mut count = build.field("count", TypeShape::Int);
    count.read = false;
    let [repo, number] = key;
    let pull = build.record("Pull", 2, vec![repo, number, title, count]);
    let (sku, quantity) = (build.field("sku", TypeShape::Text), build.field("quantity", TypeShape::Int));
    let line = build.record("Line", 0, vec![sku, quantity]);
    let mut order = build.field("order", TypeShape::Key(pull));
    order.path = vec!["pull".into()];
    let maybe_email = build.optional(TypeShape::Email);
    let to = build.field("to", maybe_email);
    let lines = build.list_of(TypeShape::Record(line));
    let mut lines = build.field("lines", lines);
    lines.path = vec!["body".into(), "lines".into()];
    let verb = build.verb("refund", vec![order, to, lines], Some(TypeShape::Record(pull)));
    (build.policy(), verb, pull)
}

#[test]
fn arguments_are_read_wholly_and_written_in_normal_form() {
    let (policy, verb, _) = shop();
    let text = r#"{"to": "Ann@X.Example", "pull": ["agentc", 7], "body": {"lines": [{"quantity": 1.0, "sku": "a"}]}}"#;
    let read = arguments(&policy, verb, &json(text)).unwrap();
    let line = Value::Record(Arc::from([Cell::Value(Value::text("a")), Cell::Value(Value::Int(1))]));
    let values: Vec<Value> = read.values.into_iter().map(|(_, value)| value).collect();
    let key = Value::List(Arc::from([Value::text("agentc"), Value::Int(7)]));
    assert_eq!(values, [key, Value::text("Ann@x.example"), Value::List(Arc::from([line]))]);
    assert_eq!(
        read.canonical.canonical(),
        r#"{"body":{"lines":[{"quantity":1.0,"sku":"a"}]},"pull":["agentc",7],"to":"Ann@x.example"}"#
    );
    let without = arguments(&policy, verb, &json(r#"{"pull": ["agentc", 7], "body": {"lines": []}}"#)).unwrap();
    assert_eq!(without.values[1].1, Value::None);
}

#[test]
fn arguments_that_do_not_fit_are_named_one_by_one() {
    let (policy, verb, _) = shop();
    for (text, message) in [
        ("[]", "the value must be an object, not a list"),
        ("{}", "`pull` is missing; `body.lines` is missing"),
        (
            r#"{"pull": 7, "body": {"lines": [{"sku": "a", "quantity": 1.5}]}}"#,
            "`pull` must be a list of 2 parts, the key of `Pull`, not a number; \
             `body.lines[0].quantity` must be a whole number of 64 bits, not `1.5`",
        ),
        (r#"{"pull": ["a", "7"], "body": {"lines": []}}"#, "`pull[1]` must be a whole number of 64 bits, not the text `7`"),
        (
            r#"{"pull": ["a", 7], "body": {"lines": [], "note": 1}, "ammount": 1}"#,
            "`body.note` is not expected here; expected `lines`; `ammount` is not expected here; expected `pull`, `to`, `body`",
        ),
        (r#"{"pull": ["a", 7], "body": 3}"#, "`body` must be an object, not a number"),
        (
            r#"{"pull": ["a", 7], "body": {"lines": [{"sku": "a", "quantity": 1, "price": 2}]}}"#,
            "`body.lines[0].price` is not expected here; expected `sku`, `quantity`",
        ),
    ] {
        assert_eq!(arguments(&policy, verb, &json(text)).unwrap_err().to_string(), message, "{text}");
    }
}

#[test]
fn arguments_in_which_a_member_stands_twice_do_not_fit() {
    let (policy, verb, _) = shop();
    for (text, message) in [
        (r#"{"pull": ["a", 7], "body": {"lines": []}, "pull": ["a", 7]}"#, "`pull` stands there more than once"),
        (
            r#"{"pull": ["a", 7], "body": {"lines": [{"sku": "a", "sku": "b", "quantity": 1}], "lines": [], "lines": []}}"#,
            "`body.lines` stands there more than once; `body.lines[0].sku` stands there more than once",
        ),
        (r#"{"pull": ["a", 7], "unlisted": [{"x": 1, "\u0078": 2}]}"#, "`unlisted[0].x` stands there more than once"),
    ] {
        let sent = Json::read_keeping_doubles(text.as_bytes(), &[]).unwrap();
        assert_eq!(arguments(&policy, verb, &sent).unwrap_err().to_string(), message, "{text}");
    }
}

#[test]
fn records_are_read_field_by_field() {
    let (policy, verb, pull) = shop();
    let read = |text: &str| match record(&policy, pull, &json(text)) {
        Ok(Value::Record(cells)) => Ok(cells.to_vec()),
        Ok(other) => panic!("{other:?}"),
        Err(misfits) => Err(misfits.to_string()),
    };
    let text = |text: &str| Cell::Value(Value::text(text));
    let malformed = |why: &str| Cell::Malformed(why.into());
    let seven = Cell::Value(Value::Int(7));
    assert_eq!(
        read(r#"{"repo": "agentc", "number": 7, "head": {"title": "x", "more": 1}, "count": "many", "extra": 1}"#),
        Ok(vec![text("agentc"), seven.clone(), text("x"), Cell::Unread])
    );
    assert_eq!(
        read(r#"{"repo": 3, "number": 7, "head": {}}"#),
        Ok(vec![malformed("must be a text, not `3`"), seven.clone(), malformed("is missing"), Cell::Unread])
    );
    assert_eq!(
        read(r#"{"repo": "a", "number": 7, "head": "x"}"#),
        Ok(vec![text("a"), seven, malformed("holds `head`, which must be an object, not a text"), Cell::Unread])
    );
    assert_eq!(read("[]"), Err("the value must be an object, not a list".into()));
    assert_eq!(result(&policy, verb, &json("3")).unwrap_err().to_string(), "the value must be an object, not a number");
    let held = |text: &str| held_key(&policy, pull, &json(text)).map_err(|misfits| misfits.to_string());
    assert_eq!(held(r#"{"repo": "a", "number": 7}"#), Ok(vec![Some(Value::text("a")), Some(Value::Int(7))]));
    assert_eq!(held(r#"{"number": 7}"#), Ok(vec![None, Some(Value::Int(7))]));
    assert_eq!(held(r#"{"number": "7"}"#), Err("`number` must be a whole number of 64 bits, not the text `7`".into()));
    let parts = key(&policy, pull, &json(r#"["a", 7]"#)).unwrap();
    assert_eq!(write_key(&policy, pull, &parts, Audience::Trace).to_string(), r#"["a",7]"#);
}

#[test]
fn a_record_of_more_values_than_are_read_at_once_is_refused() {
    let (policy, verb, _) = shop();
    let lines = format!("[{}]", vec![r#"{"sku":"a","quantity":1}"#; 400_000].join(","));
    let text = format!(r#"{{"pull": ["a", 7], "body": {{"lines": {lines}}}}}"#);
    let message = arguments(&policy, verb, &json(&text)).unwrap_err().to_string();
    assert!(message.ends_with("holds more values than are read at once"), "{message}");
}

#[test]
fn secrets_stay_out_of_messages_and_are_masked() {
    let mut build = Build::default();
    let pin = FieldShape { secret: true, ..build.field("pin", TypeShape::Int) };
    let name = build.field("name", TypeShape::Text);
    let policy = build.policy();
    let shapes = [pin, name];
    let wrong = fields(&policy, &shapes, &json(r#"{"pin": "hunter2", "name": "ann"}"#)).unwrap_err();
    assert_eq!(wrong.to_string(), "`pin` must be a whole number of 64 bits");
    let values = fields(&policy, &shapes, &json(r#"{"pin": 1234, "name": "ann"}"#)).unwrap();
    let shapes: Vec<&FieldShape> = shapes.iter().collect();
    assert_eq!(write_fields(&policy, &shapes, &values, Audience::Trace).to_string(), r#"{"pin":"[secret]","name":"ann"}"#);
    assert_eq!(write_fields(&policy, &shapes, &values, Audience::Host).to_string(), r#"{"pin":1234,"name":"ann"}"#);
    assert_eq!(words(&policy, TypeId(0), &Value::None, Audience::Trace), "none");
}

#[test]
fn people_see_the_currency_of_every_amount() {
    let mut build = Build::default();
    let money = TypeShape::Money(usd());
    let price = build.field("price", money.clone());
    let fee = FieldShape { encoding: Encoding::MinorUnits, ..build.field("fee", money.clone()) };
    let pin = FieldShape { secret: true, ..build.field("pin", money.clone()) };
    let each = build.ty(money);
    let parts = build.field("parts", TypeShape::List(each));
    let policy = build.policy();
    let shapes = [price, fee, pin, parts];
    let values = fields(&policy, &shapes, &json(r#"{"price": "40.50", "fee": 199, "pin": 7, "parts": [1, 2.5]}"#)).unwrap();
    let shapes: Vec<&FieldShape> = shapes.iter().collect();
    let written = |audience| write_fields(&policy, &shapes, &values, audience).to_string();
    assert_eq!(
        written(Audience::Person),
        concat!(
            r#"{"price":{"amount":40.5,"currency":"USD"},"fee":{"amount":1.99,"currency":"USD"},"pin":"[secret]","#,
            r#""parts":[{"amount":1,"currency":"USD"},{"amount":2.5,"currency":"USD"}]}"#
        )
    );
    assert_eq!(written(Audience::Trace), r#"{"price":40.5,"fee":199,"pin":"[secret]","parts":[1,2.5]}"#);
}
