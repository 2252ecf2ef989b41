//! A host for tests: it sends events as JSON and commits what is decided, but fetches nothing by itself.

use agentc_compiler::{compile, source::NoFiles, typed::SourceFile};
use agentc_ledger::{Committed, Ledger, MemoryLedger};
use agentc_runtime::answer::{Answer, Outcome, Request};
use agentc_runtime::cell::Snapshot;
use agentc_runtime::decide::{Opening, Step, decide, open};
use agentc_runtime::event::Event;
use agentc_runtime::json::Json;
use agentc_runtime::policy::Policy;
use agentc_runtime::run::Run;
use agentc_runtime::trace::Trace;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// The head of every policy here.
const HEAD: &str = r#"policy demo { version "1"; owner "ops@example.com" }"#;

/// The shop that most policies here speak of.
pub(crate) const SHOP: &str = r#"
enum OrderStatus { open, shipped, delivered }
role lead, sre, boss
source shop_records "Shop" {
  record Order by id { id: Text, total: Money(USD), status: OrderStatus, customer: Text, note: Text? untrusted, card: Text? secret }
  fetch Order with shop.get_order(order: id), also from shop.list_orders
  fresh for 15m
}
tool shop on mcp "shop" {
  read  get_order(order: Key<Order> from "order_id") -> Order
  read  list_orders(customer: Text) -> List<Order>
  write refund(order: Key<Order> from "order_id", amount: Money(USD), claim reason: Text?) -> Refund {
    changes Order[order]
    undo void_refund(refund: result.id) within 24h
    no effect on ["declined"]
  }
  write void_refund(refund: Text) { compensates refund; changes nothing }
  write add_note(order: Key<Order> from "order_id", text: Text) { changes nothing; undo drop_note(order: order) }
  write drop_note(order: Key<Order> from "order_id") { compensates add_note; changes nothing }
  write set_status(order: Key<Order> from "order_id", status: OrderStatus) {
    changes Order[order]
    undo set_status(order: order, status: order.status)
  }
  write erase(customer: Text) { irreversible }
  write hand_over(summary: Text) { irreversible; changes nothing }
  record Refund { id: Text }
}
"#;

pub(crate) fn policy(text: &str) -> Arc<Policy> {
    let library = agentc_stdlib::library();
    let text = format!("{HEAD}\n{text}");
    let compiled = compile(SourceFile { name: "demo.agentpolicy".into(), text }, &NoFiles, &library);
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    Arc::new(Policy::new(program, &library).unwrap())
}

/// A policy of the shop whose one job holds these rules.
pub(crate) fn shop(rules: &str) -> Arc<Policy> {
    shop_job("input { customer: Text }", rules)
}

pub(crate) fn shop_job(members: &str, rules: &str) -> Arc<Policy> {
    policy(&format!(
        r#"{SHOP}
job work {{
  purpose "Work on the orders of one customer."
  {members}
  done when happened(shop.refund)
  {rules}
  handoff to "leads" {{ show trace; expect "Decide by hand." }}
  pause by role sre
}}"#
    ))
}

pub(crate) fn json(text: &str) -> Json {
    Json::read(text.as_bytes()).unwrap()
}

pub(crate) struct Host {
    pub(crate) policy: Arc<Policy>,
    pub(crate) ledger: Arc<MemoryLedger>,
    pub(crate) run: Run,
    pub(crate) trace: Vec<String>,
    pub(crate) opened: Answer,
    chain: Trace,
    now: Timestamp,
}

impl Host {
    /// A run of the job `work` for the customer `c-9`, served to `mia` by the agent `bot`.
    pub(crate) fn new(policy: &Arc<Policy>) -> Self {
        Self::sharing(policy, &Arc::new(MemoryLedger::new()), "r1")
    }

    pub(crate) fn sharing(policy: &Arc<Policy>, ledger: &Arc<MemoryLedger>, run: &str) -> Self {
        Self::opening(policy, ledger, run, r#"{"customer":"c-9"}"#)
    }

    pub(crate) fn opening(policy: &Arc<Policy>, ledger: &Arc<MemoryLedger>, run: &str, input: &str) -> Self {
        let text = format!(
            r#"{{"event":"open","run":"{run}","job":"work","input":{input},"agent":{{"id":"bot","roles":[]}},
            "user":{{"id":"mia","roles":["lead"]}},"at":"2026-05-04T10:00:00Z"}}"#
        );
        let event = Event::read(text.as_bytes()).unwrap();
        let decision = match open(policy, &Snapshot::new(), &event) {
            Opening::Opened(decision) => decision,
            Opening::Load(keys) => match open(policy, &ledger.load(&keys).unwrap(), &event) {
                Opening::Opened(decision) => decision,
                other => panic!("{other:?}"),
            },
            Opening::Refused(answer) => panic!("{}", answer.person),
        };
        let mut chain = Trace::new();
        let trace = vec![chain.line(policy, &decision.run, &event, &decision.answer)];
        let (policy, ledger) = (Arc::clone(policy), Arc::clone(ledger));
        let now = event.at;
        Self { policy, ledger, run: decision.run, trace, opened: decision.answer, chain, now }
    }

    pub(crate) fn after(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        self
    }

    /// Sends an event given as its JSON members but `at`.
    pub(crate) fn send(&mut self, members: &str) -> Answer {
        let text = format!("{{{members},\"at\":\"{}\"}}", self.now);
        let event = Event::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        self.event(&event)
    }

    pub(crate) fn event(&mut self, event: &Event) -> Answer {
        let mut keys = Vec::new();
        loop {
            let snapshot = self.ledger.load(&keys).unwrap();
            match decide(&self.policy, &self.run, &snapshot, event) {
                Step::Load(more) => keys.extend(more),
                Step::Done(decision) => {
                    if decision.needs_commit() && self.ledger.commit(&decision.commit).unwrap() == Committed::Refused {
                        continue;
                    }
                    self.run = decision.run;
                    self.trace.push(self.chain.line(&self.policy, &self.run, event, &decision.answer));
                    return decision.answer;
                }
            }
        }
    }

    pub(crate) fn call(&mut self, id: &str, verb: &str, args: &str) -> Answer {
        self.send(&format!(r#""event":"call","id":"{id}","verb":"{verb}","args":{args}"#))
    }

    /// A record of an order, read now.
    pub(crate) fn order(&mut self, id: &str, value: &str) -> Answer {
        self.record("Order", id, &format!(r#""value":{value}"#))
    }

    pub(crate) fn record(&mut self, record: &str, key: &str, found: &str) -> Answer {
        self.send(&format!(r#""event":"record","source":"shop_records","record":"{record}","key":"{key}",{found}"#))
    }

    /// A delivered order of that total of the customer that is served.
    pub(crate) fn good_order(&mut self, id: &str, total: u32) {
        let answer = self.order(id, &format!(r#"{{"id":"{id}","total":{total},"status":"delivered","customer":"c-9"}}"#));
        assert_eq!(answer.outcome.name(), "taken", "{}", answer.person);
    }

    pub(crate) fn ok(&mut self, id: &str, value: &str) -> Answer {
        self.send(&format!(r#""event":"result","id":"{id}","value":{value}"#))
    }

    pub(crate) fn fails(&mut self, id: &str, code: &str) -> Answer {
        self.send(&format!(r#""event":"result","id":"{id}","refused":"{code}""#))
    }

    pub(crate) fn unclear(&mut self, id: &str) -> Answer {
        self.send(&format!(r#""event":"result","id":"{id}","unclear":true"#))
    }

    pub(crate) fn answers(&mut self, request: &str, who: &str, roles: &str, approve: bool) -> Answer {
        self.send(&format!(
            r#""event":"approval","request":"{request}","by":{{"id":"{who}","roles":[{roles}]}},"approve":{approve}"#
        ))
    }

    pub(crate) fn tick(&mut self) -> Answer {
        self.send(r#""event":"tick""#)
    }

    pub(crate) fn end(&mut self) -> Answer {
        self.send(r#""event":"end""#)
    }
}

/// Outcome and deciding rule.
pub(crate) fn said(answer: &Answer) -> (&'static str, &str) {
    (answer.outcome.name(), answer.by.as_ref().map_or("", |by| by.rule.as_str()))
}

pub(crate) fn requests(answer: &Answer) -> &[Request] {
    match &answer.outcome {
        Outcome::Approval(requests) => requests,
        other => panic!("{other:?}: {}", answer.person),
    }
}

pub(crate) fn fired(answer: &Answer) -> Vec<&str> {
    answer.fired.iter().map(|fired| fired.rule.as_str()).collect()
}
