//! A policy of a newcomer with a mistake in every second line: each is found, each where it is, each with what to write instead.

use crate::support::{agentc_in, file, folder};

const POLICY: &str = r#"policy acme.help { version "1" }
use std.risk
role lead
enum Status { open, closed }
source desk {
  record Ticket by id { id: Text, status: Status, total: Money(USD), owner: Text from "owner.name", note: Text? }
  fetch Ticket with desk.get(ticket: id)
  fresh for 10m
}
tool desk {
  read get(ticket: Key<Ticket>) -> Ticket
  write close(ticket: Key<Ticket>, amount: Money(USD)) { changes Ticket[ticket]; irreversible }
}
job help {
  purpose "Close tickets."
  input { customer: Text }
  allow read desk.get
  allow write desk.close when ticket.status == "open"
  allow a on write desk.close when ticket.status == opn
  allow b on write desk.close when ticket.totl > 5 USD
  allow c on write desk.close when amount < 50
  allow d on write desk.close when amount < 50 EUR
  allow e on write desk.close when ticket.note == "x"
  allow f on write desk.close when ticket.total / 2 < amount
  allow g on write desk.close when input.custmer == "x"
  allow h on write desk.close when text.lowr(input.customer) == "x"
  allow i on write desk.close when now > 2026-05-04
  allow j on write desk.get
  allow k on write *
  never desk.clos
  gate g1 on desk.close { show amount }
  gate g2 on desk.close { approvers role leed }
  limit l1 on desk.close: sum(ticket.id) <= 5 per day else deny
  limit l2 on desk.close: count() <= 5 per last 1d else deny
  include usual
  require r on desk.close: desk.get(tickt: ticket)
}
test "x" { job help
  given Ticket["a"] { owner_name: "x" }
  call desk.close(ticket: "a") expect alow
}
"#;

#[test]
fn each_mistake_is_found_where_it_is() {
    let folder = folder("mistakes");
    file(&folder, "p.agentpolicy", POLICY);
    let ran = agentc_in(&folder, &["check", "p.agentpolicy", "--format", "short"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!("mistakes_short", ran.out);
    let ran = agentc_in(&folder, &["check", "p.agentpolicy"], b"");
    assert_eq!(ran.code, Some(1));
    insta::assert_snapshot!("mistakes_human", ran.out);
}
