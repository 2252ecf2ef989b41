//! Writes made wrong on purpose: each kind takes a true write and breaks one rule of the airline.
//!
//! A kind gives a pair: the write as it is right in its world, and the same made wrong. The right one must pass, or the pair
//! shows nothing. Where a rule needs a world that the true write does not have (a flown segment, a fourth gift card), both
//! stand in that world.

use agentc::records::Records;
use agentc_runtime::event::Found;
use agentc_runtime::json::Json;
use serde_json::{Value, json};

/// A write in its world.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The customer served.
    pub(crate) customer: String,
    /// The verb.
    pub(crate) verb: String,
    /// Its arguments.
    pub(crate) args: Value,
    /// The records before it.
    pub(crate) world: Records,
}

/// A kind of wrong write: its name, and how it is made from a right one; `None` where it does not fit that write.
pub(crate) type Kind = (&'static str, fn(&Case) -> Option<(Case, Case)>);

const BOOK: &str = "book_reservation";
const CANCEL: &str = "cancel_reservation";
const FLIGHTS: &str = "update_reservation_flights";
const BAGS: &str = "update_reservation_baggages";
const PASSENGERS: &str = "update_reservation_passengers";
const CERTIFICATE: &str = "send_certificate";

/// The airline's writes.
pub(crate) const WRITES: [&str; 6] = [BOOK, CANCEL, FLIGHTS, BAGS, PASSENGERS, CERTIFICATE];

/// Every kind.
pub(crate) const KINDS: &[Kind] = &[
    ("another customer's reservation cancelled", |case| only(case, CANCEL, strangers_reservation)),
    ("another customer's flights changed", |case| only(case, FLIGHTS, strangers_reservation)),
    ("another customer's bags changed", |case| only(case, BAGS, strangers_reservation)),
    ("another customer's passengers changed", |case| only(case, PASSENGERS, strangers_reservation)),
    ("a booking in another customer's name", |case| {
        only(case, BOOK, |wrong| set(&mut wrong.args, "user_id", json!("mia_li_3668_x")))
    }),
    ("a reservation that does not exist", |case| {
        case.args.get("reservation_id")?;
        wrong(case, |wrong| set(&mut wrong.args, "reservation_id", json!("NO1SUCH")))
    }),
    ("a sixth passenger", |case| booking_for(case, 5, 6)),
    ("no passenger", |case| booking_for(case, 1, 0)),
    ("a payment method not in the profile", |case| {
        only(case, BOOK, |wrong| each_payment(wrong, |payment| payment["payment_id"] = json!("credit_card_0000000")))
    }),
    ("a change paid by a method not in the profile", |case| {
        case.args.get("payment_id")?;
        wrong(case, |wrong| set(&mut wrong.args, "payment_id", json!("credit_card_0000000")))
    }),
    ("a second certificate", |case| split_payment(case, "certificate", 1)),
    ("a second credit card", |case| split_payment(case, "credit_card", 1)),
    ("a fourth gift card", |case| split_payment(case, "gift_card", 3)),
    ("a gift card beyond its balance", |case| {
        let right = paid_by(case, "gift_card", &[1])?;
        let mut wrong = right.clone();
        edit_user(&mut wrong, |user| user["payment_methods"]["gift_card_9000"]["amount"] = json!(0.5));
        Some((right, wrong))
    }),
    ("a certificate beyond its amount", |case| {
        let right = paid_by(case, "certificate", &[1])?;
        let mut wrong = right.clone();
        edit_user(&mut wrong, |user| user["payment_methods"]["certificate_9000"]["amount"] = json!(0.5));
        Some((right, wrong))
    }),
    ("a negative payment", |case| {
        let right = paid_by(case, "gift_card", &[1, 1])?;
        let mut wrong = right.clone();
        let payments = wrong.args["payment_methods"].as_array_mut()?;
        let (first, second) = (payments[0]["amount"].as_f64()?, payments[1]["amount"].as_f64()?);
        payments[0]["amount"] = json!(first + second + 10.0);
        payments[1]["amount"] = json!(-10);
        Some((right, wrong))
    }),
    ("a total that is too low", |case| only(case, BOOK, |wrong| first_payment(wrong, -1.0))),
    ("a total that is too high", |case| only(case, BOOK, |wrong| first_payment(wrong, 1.0))),
    ("an insurance that is not paid", |case| {
        let right = insured(case, false)?;
        let wrong = Case { args: with(&right.args, "insurance", json!("yes")), ..right.clone() };
        Some((right, wrong))
    }),
    ("a bag fee left out", |case| extra_bags(case, 1)),
    ("a free bag paid for", |case| {
        let right = paid_by(case, "credit_card", &[1])?;
        let (total, nonfree) = (right.args["total_baggages"].as_i64()?, right.args["nonfree_baggages"].as_i64()?);
        if total <= nonfree {
            return None;
        }
        let mut wrong = right.clone();
        set(&mut wrong.args, "nonfree_baggages", json!(nonfree + 1));
        first_payment(&mut wrong, 50.0);
        Some((right, wrong))
    }),
    ("a flight that is delayed", |case| flight_status(case, "delayed")),
    ("a flight that is on time", |case| flight_status(case, "on time")),
    ("a flight that has taken off", |case| flight_status(case, "flying")),
    ("a flight that is cancelled", |case| flight_status(case, "cancelled")),
    ("a flight that has landed", |case| flight_status(case, "landed")),
    ("a flight that does not exist", |case| {
        new_flights(case)?;
        wrong(case, |wrong| wrong.args["flights"][0]["flight_number"] = json!("HAT999"))
    }),
    ("a date on which it does not fly", |case| {
        new_flights(case)?;
        wrong(case, |wrong| wrong.args["flights"][0]["date"] = json!("2024-07-01"))
    }),
    ("a flight without enough seats", |case| {
        new_flights(case)?;
        let cabin = case.args["cabin"].as_str()?.to_owned();
        wrong(case, |wrong| edit_days(wrong, |day| day["available_seats"][&cabin] = json!(0)))
    }),
    ("another destination than said", |case| only(case, BOOK, |wrong| set(&mut wrong.args, "destination", json!("NRT")))),
    ("another origin than said", |case| only(case, BOOK, |wrong| set(&mut wrong.args, "origin", json!("NRT")))),
    ("a change to another destination", |case| {
        only(case, FLIGHTS, |wrong| edit_reservation(wrong, |reservation| reservation["destination"] = json!("NRT")))
    }),
    ("a change to another origin", |case| {
        only(case, FLIGHTS, |wrong| edit_reservation(wrong, |reservation| reservation["origin"] = json!("NRT")))
    }),
    ("a change to another trip type", |case| {
        let reservation = reservation(case)?;
        let other = if reservation["flight_type"] == "one_way" { "round_trip" } else { "one_way" };
        if reservation["origin"] == reservation["destination"] {
            return None;
        }
        only(case, FLIGHTS, |wrong| edit_reservation(wrong, |reservation| reservation["flight_type"] = json!(other)))
    }),
    ("a change that leaves out the way back", |case| {
        if reservation(case)?["flight_type"] != "round_trip" {
            return None;
        }
        only(case, FLIGHTS, |wrong| {
            if let Some(flights) = wrong.args["flights"].as_array_mut() {
                flights.pop();
            }
        })
    }),
    ("a change to no flights at all", |case| only(case, FLIGHTS, |wrong| set(&mut wrong.args, "flights", json!([])))),
    ("a basic economy flight changed", |case| {
        let held = reservation(case)?["flights"].clone();
        if same(&held, &case.args["flights"]) {
            return None;
        }
        only(case, FLIGHTS, |wrong| edit_reservation(wrong, |reservation| reservation["cabin"] = json!("basic_economy")))
    }),
    ("a flown flight given back", |case| {
        let held = reservation(case)?["flights"].clone();
        let gone = held.as_array()?.iter().find(|held| !names(&case.args["flights"], held))?.clone();
        only(case, FLIGHTS, |wrong| set_status(wrong, &gone, "landed"))
    }),
    ("a change paid by certificate", |case| {
        case.args.get("payment_id")?;
        let right = with_method(
            case,
            "certificate_9000",
            json!({ "source": "certificate", "amount": 100_000, "id": "certificate_9000" }),
        );
        let wrong = Case { args: with(&right.args, "payment_id", json!("certificate_9000")), ..right.clone() };
        Some((right, wrong))
    }),
    ("a change that the gift card does not hold", |case| {
        let paid = |balance: i64| {
            let method = json!({ "source": "gift_card", "amount": balance, "id": "gift_card_9000" });
            let mut paid = with_method(case, "gift_card_9000", method);
            set(&mut paid.args, "payment_id", json!("gift_card_9000"));
            edit_days(&mut paid, |day| {
                for price in day["prices"].as_object_mut().into_iter().flat_map(|prices| prices.values_mut()) {
                    *price = json!(5000);
                }
            });
            paid
        };
        new_flights(case)?;
        if case.verb != FLIGHTS {
            return None;
        }
        Some((paid(1_000_000), paid(1)))
    }),
    ("a cancelled reservation changed", |case| {
        if case.verb == CANCEL {
            return None;
        }
        case.args.get("reservation_id")?;
        wrong(case, |wrong| edit_reservation(wrong, |reservation| reservation["status"] = json!("cancelled")))
    }),
    ("a removed bag", |case| {
        let total = case.args["total_baggages"].as_i64()?;
        only(case, BAGS, |wrong| edit_reservation(wrong, |reservation| reservation["total_baggages"] = json!(total + 1)))
    }),
    ("an extra bag that is called free", |case| {
        only(case, BAGS, |wrong| {
            set(&mut wrong.args, "total_baggages", json!(20));
            set(&mut wrong.args, "nonfree_baggages", json!(0));
        })
    }),
    ("a free bag that is called extra", |case| {
        let nonfree = case.args["nonfree_baggages"].as_i64()?;
        only(case, BAGS, |wrong| set(&mut wrong.args, "nonfree_baggages", json!(nonfree + 1)))
    }),
    ("a passenger added", |case| {
        only(case, PASSENGERS, |wrong| {
            if let Some(passengers) = wrong.args["passengers"].as_array_mut() {
                passengers.push(json!({ "first_name": "Una", "last_name": "More", "dob": "1990-01-01" }));
            }
        })
    }),
    ("a passenger removed", |case| {
        only(case, PASSENGERS, |wrong| {
            if let Some(passengers) = wrong.args["passengers"].as_array_mut() {
                passengers.pop();
            }
        })
    }),
    ("a cancellation without a ground", |case| {
        only(case, CANCEL, |wrong| {
            edit_reservation(wrong, |reservation| {
                reservation["cabin"] = json!("economy");
                reservation["insurance"] = json!("no");
                reservation["created_at"] = json!("2024-05-14T14:59:00");
            });
            edit_held_days(wrong, |day| day["status"] = json!("available"));
        })
    }),
    ("a flown segment cancelled", |case| {
        only(case, CANCEL, |wrong| edit_held_days(wrong, |day| day["status"] = json!("landed")))
    }),
    ("a segment in the air cancelled", |case| {
        only(case, CANCEL, |wrong| edit_held_days(wrong, |day| day["status"] = json!("flying")))
    }),
    ("a reservation cancelled twice", |case| {
        only(case, CANCEL, |wrong| edit_reservation(wrong, |reservation| reservation["status"] = json!("cancelled")))
    }),
    ("a certificate of the wrong amount", |case| certificate(case, |wrong| add_amount(wrong, 1))),
    ("a certificate for one passenger too many", |case| certificate(case, |wrong| add_amount(wrong, 100))),
    ("a certificate to another customer", |case| {
        certificate(case, |wrong| set(&mut wrong.args, "user_id", json!("mia_li_3668_x")))
    }),
    ("a certificate without a cancelled flight", |case| {
        certificate(case, |wrong| edit_held_days(wrong, |day| day["status"] = json!("available")))
    }),
    ("a certificate for a delay without a change", |case| {
        certificate(case, |wrong| edit_held_days(wrong, |day| day["status"] = json!("delayed")))
    }),
    ("a certificate to a regular member without insurance in economy", |case| {
        certificate(case, |wrong| {
            edit_user(wrong, |user| user["membership"] = json!("regular"));
            edit_reservation_of(wrong, |reservation| {
                reservation["cabin"] = json!("economy");
                reservation["insurance"] = json!("no");
            });
        })
    }),
    ("a missing argument", |case| {
        let name = case.args.as_object()?.keys().next()?.clone();
        wrong(case, |wrong| {
            if let Some(args) = wrong.args.as_object_mut() {
                args.remove(&name);
            }
        })
    }),
    ("an argument that the tool does not have", |case| wrong(case, |wrong| set(&mut wrong.args, "waive_fees", json!(true)))),
    ("a cabin that does not exist", |case| {
        case.args.get("cabin")?;
        wrong(case, |wrong| set(&mut wrong.args, "cabin", json!("first")))
    }),
    ("an amount in another currency", |case| {
        only(case, BOOK, |wrong| {
            each_payment(wrong, |payment| payment["amount"] = json!({ "amount": payment["amount"], "currency": "EUR" }))
        })
    }),
    ("a date of birth that is no date", |case| {
        case.args.get("passengers")?;
        wrong(case, |wrong| wrong.args["passengers"][0]["dob"] = json!("1990-02-30"))
    }),
];

fn wrong(case: &Case, change: impl FnOnce(&mut Case)) -> Option<(Case, Case)> {
    let mut wrong = case.clone();
    change(&mut wrong);
    Some((case.clone(), wrong))
}

fn only(case: &Case, verb: &str, change: impl FnOnce(&mut Case)) -> Option<(Case, Case)> {
    if case.verb == verb { wrong(case, change) } else { None }
}

fn set(args: &mut Value, name: &str, value: Value) {
    args[name] = value;
}

fn with(args: &Value, name: &str, value: Value) -> Value {
    let mut args = args.clone();
    set(&mut args, name, value);
    args
}

/// A record of the world; `null` where there is none.
fn record(case: &Case, name: &str, key: &str) -> Value {
    match case.world.get(name, &Json::text(key)) {
        Found::Value(row) => serde_json::from_str(&row.to_string()).unwrap(),
        Found::Absent | Found::Unavailable => Value::Null,
    }
}

fn edit(case: &mut Case, name: &str, key: &str, change: impl FnOnce(&mut Value)) {
    let mut value = record(case, name, key);
    change(&mut value);
    case.world.put(name, &Json::text(key), Some(Json::read(value.to_string().as_bytes()).unwrap()));
}

fn edit_user(case: &mut Case, change: impl FnOnce(&mut Value)) {
    let customer = case.customer.clone();
    edit(case, "User", &customer, change);
}

fn reservation_id(case: &Case) -> Option<String> {
    Some(case.args.get("reservation_id")?.as_str()?.to_owned())
}

/// The reservation that the write names.
fn reservation(case: &Case) -> Option<Value> {
    Some(record(case, "Reservation", &reservation_id(case)?))
}

fn edit_reservation(case: &mut Case, change: impl FnOnce(&mut Value)) {
    if let Some(id) = reservation_id(case) {
        edit(case, "Reservation", &id, change);
    }
}

/// The customer's only reservation, of a case made by [`certificate`].
fn edit_reservation_of(case: &mut Case, change: impl FnOnce(&mut Value)) {
    let user = record(case, "User", &case.customer);
    if let Some(id) = user["reservations"][0].as_str() {
        edit(case, "Reservation", id, change);
    }
}

fn strangers_reservation(wrong: &mut Case) {
    edit_reservation(wrong, |reservation| reservation["user_id"] = json!("somebody_else_1"));
}

/// The flights of a write that books or changes flights, where the first of them is newly booked.
fn new_flights(case: &Case) -> Option<Vec<Value>> {
    let flights = case.args.get("flights")?.as_array()?.clone();
    if case.verb == FLIGHTS {
        let reservation = reservation(case)?;
        if reservation["cabin"] == case.args["cabin"] && names(&reservation["flights"], flights.first()?) {
            return None;
        }
    }
    Some(flights)
}

fn names(flights: &Value, flight: &Value) -> bool {
    flights.as_array().is_some_and(|flights| flights.iter().any(|other| same_flight(other, flight)))
}

fn same_flight(left: &Value, right: &Value) -> bool {
    left["flight_number"] == right["flight_number"] && left["date"] == right["date"]
}

fn same(left: &Value, right: &Value) -> bool {
    let (Some(left), Some(right)) = (left.as_array(), right.as_array()) else { return false };
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_flight(left, right))
}

fn edit_day(case: &mut Case, flight: &Value, change: impl FnOnce(&mut Value)) {
    if let (Some(number), Some(date)) = (flight["flight_number"].as_str(), flight["date"].as_str()) {
        edit(case, "Flight", number, |record| change(&mut record["dates"][date]));
    }
}

fn set_status(case: &mut Case, flight: &Value, status: &str) {
    edit_day(case, flight, |day| day["status"] = json!(status));
}

/// Every day that the write's own flights are on.
fn edit_days(case: &mut Case, change: impl Fn(&mut Value)) {
    for flight in case.args["flights"].as_array().cloned().unwrap_or_default() {
        edit_day(case, &flight, &change);
    }
}

/// Every day that the reservation's flights are on: the one the write names, or else the customer's first.
fn edit_held_days(case: &mut Case, change: impl Fn(&mut Value)) {
    let user = record(case, "User", &case.customer);
    let id = reservation_id(case).or_else(|| Some(user["reservations"][0].as_str()?.to_owned())).unwrap_or_default();
    for flight in record(case, "Reservation", &id)["flights"].as_array().cloned().unwrap_or_default() {
        edit_day(case, &flight, &change);
    }
}

fn flight_status(case: &Case, status: &str) -> Option<(Case, Case)> {
    let flights = new_flights(case)?;
    wrong(case, |wrong| set_status(wrong, &flights[0], status))
}

fn with_method(case: &Case, id: &str, method: Value) -> Case {
    let mut case = case.clone();
    edit_user(&mut case, |user| user["payment_methods"][id] = method);
    case
}

fn total(case: &Case) -> Option<f64> {
    case.args["payment_methods"].as_array()?.iter().map(|payment| payment["amount"].as_f64()).sum()
}

/// The booking paid by methods of one kind, new in the profile, in these shares of the total.
fn paid_by(case: &Case, kind: &str, shares: &[u8]) -> Option<Case> {
    if case.verb != BOOK {
        return None;
    }
    let (total, all) = (total(case)?, shares.iter().map(|share| f64::from(*share)).sum::<f64>());
    let mut paid = case.clone();
    let mut payments = Vec::new();
    for (number, share) in (9000..).zip(shares) {
        let id = format!("{kind}_{number}");
        let mut method = json!({ "source": kind, "id": id });
        if kind != "credit_card" {
            method["amount"] = json!(100_000);
        }
        paid = with_method(&paid, &id, method);
        payments.push(json!({ "payment_id": id, "amount": total * f64::from(*share) / all }));
    }
    set(&mut paid.args, "payment_methods", Value::Array(payments));
    Some(paid)
}

/// Right with so many methods of a kind, wrong with one more.
fn split_payment(case: &Case, kind: &str, most: usize) -> Option<(Case, Case)> {
    let shares = [1u8; 4];
    // Quarters and halves are exact; with three gift cards the shares are a half and two quarters.
    let right = if most == 3 { paid_by(case, kind, &[2, 1, 1])? } else { paid_by(case, kind, &[1])? };
    let wrong = paid_by(case, kind, if most == 3 { &shares } else { &shares[..2] })?;
    Some((right, wrong))
}

fn first_payment(case: &mut Case, more: f64) {
    if let Some(amount) = case.args["payment_methods"][0]["amount"].as_f64() {
        case.args["payment_methods"][0]["amount"] = json!(amount + more);
    }
}

fn each_payment(case: &mut Case, change: impl Fn(&mut Value)) {
    for payment in case.args["payment_methods"].as_array_mut().into_iter().flatten() {
        change(payment);
    }
}

/// The booking with or without insurance, paid by one credit card.
fn insured(case: &Case, insured: bool) -> Option<Case> {
    let mut paid = paid_by(case, "credit_card", &[1])?;
    let passengers = u32::try_from(paid.args["passengers"].as_array()?.len()).ok()?;
    match (paid.args["insurance"] == "yes", insured) {
        (true, false) => first_payment(&mut paid, -30.0 * f64::from(passengers)),
        (false, true) => first_payment(&mut paid, 30.0 * f64::from(passengers)),
        _ => {}
    }
    set(&mut paid.args, "insurance", json!(if insured { "yes" } else { "no" }));
    Some(paid)
}

/// The booking for so many passengers, without insurance or bags, paid by one credit card, seats for all of them.
fn booking_for(case: &Case, right: usize, wrong: usize) -> Option<(Case, Case)> {
    let for_passengers = |count: usize| {
        let mut booking = insured(case, false)?;
        let old = u32::try_from(booking.args["passengers"].as_array()?.len()).ok()?;
        let extra = u32::try_from(booking.args["nonfree_baggages"].as_i64()?).ok()?;
        let fare = (total(&booking)? - 50.0 * f64::from(extra)) / f64::from(old);
        let passengers: Vec<Value> = ["Ann", "Ben", "Cem", "Dee", "Eva", "Fay"]
            .iter()
            .take(count)
            .map(|name| json!({ "first_name": name, "last_name": "Li", "dob": "1990-04-05" }))
            .collect();
        set(&mut booking.args, "passengers", Value::Array(passengers));
        set(&mut booking.args, "total_baggages", json!(0));
        set(&mut booking.args, "nonfree_baggages", json!(0));
        let amount = fare * f64::from(u32::try_from(count).ok()?);
        booking.args["payment_methods"][0]["amount"] = json!(amount);
        edit_days(&mut booking, |day| {
            for seats in day["available_seats"].as_object_mut().into_iter().flat_map(|seats| seats.values_mut()) {
                *seats = json!(9);
            }
        });
        Some(booking)
    };
    Some((for_passengers(right)?, for_passengers(wrong)?))
}

/// The booking with bags beyond every allowance: right with all of the extra ones paid, wrong with `unpaid` of them left out.
fn extra_bags(case: &Case, unpaid: i64) -> Option<(Case, Case)> {
    let mut right = paid_by(case, "credit_card", &[1])?;
    let user = record(&right, "User", &right.customer);
    let free = match (user["membership"].as_str()?, right.args["cabin"].as_str()?) {
        ("regular", "basic_economy") => 0,
        ("regular", "economy") | ("silver", "basic_economy") => 1,
        ("regular", "business") | ("silver", "economy") | ("gold", "basic_economy") => 2,
        _ => 3,
    };
    let passengers = i64::try_from(right.args["passengers"].as_array()?.len()).ok()?;
    let free: i64 = passengers.checked_mul(free)?;
    let before = u32::try_from(right.args["nonfree_baggages"].as_i64()?).ok()?;
    set(&mut right.args, "total_baggages", json!(free.checked_add(2)?));
    set(&mut right.args, "nonfree_baggages", json!(2));
    first_payment(&mut right, 100.0 - 50.0 * f64::from(before));
    let mut wrong = right.clone();
    set(&mut wrong.args, "nonfree_baggages", json!(2i64.checked_sub(unpaid)?));
    first_payment(&mut wrong, -50.0);
    Some((right, wrong))
}

/// A certificate that is right: made from a cancellation, for the customer whose one reservation has a cancelled flight.
fn certificate(case: &Case, change: impl FnOnce(&mut Case)) -> Option<(Case, Case)> {
    if case.verb != CANCEL {
        return None;
    }
    let id = reservation_id(case)?;
    let reservation = reservation(case)?;
    let passengers = reservation["passengers"].as_array()?.len();
    let mut right = case.clone();
    edit_held_days(&mut right, |day| day["status"] = json!("cancelled"));
    edit_user(&mut right, |user| {
        user["membership"] = json!("silver");
        user["reservations"] = json!([id]);
    });
    CERTIFICATE.clone_into(&mut right.verb);
    right.args = json!({ "user_id": case.customer, "amount": passengers.checked_mul(100)? });
    wrong(&right, change)
}

fn add_amount(case: &mut Case, more: i64) {
    if let Some(amount) = case.args["amount"].as_i64() {
        set(&mut case.args, "amount", json!(amount.saturating_add(more)));
    }
}
