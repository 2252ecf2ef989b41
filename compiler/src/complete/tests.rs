//! What jobs, rules, tests and proofs become.

use crate::compile;
use crate::source::NoFiles;
use crate::typed::*;
use agentc_runtime::library::Library;

const SHOP: &str = r#"
policy acme.shop { version "1.2.0"; owner "ops@acme.example" }
role lead, boss
risk money bounded by gate, limit
source records {
  record Order by id { id: Text, total: Money(USD), customer: Text }
  record Parcel by number { number: Text }
  record Stock by sku { sku: Text }
  fetch Order with get_order(order: id)
  fetch Parcel with post.get_parcel(parcel: number), also from shop.find_parcels
  fetch Stock by host
  fresh for 15m
  fresh Stock for 1m
}
tool shop {
  read get_order(order: Key<Order>) -> Order
  read find_parcels(order: Key<Order>) -> List<Parcel>
  write refund(order: Key<Order>, amount: Money(USD)) -> Receipt { risk money; undo void(receipt: result.id) within 24h }
  write note(order: Key<Order>, text: Text) { changes Order[order] }
  write void(receipt: Text) { changes nothing; compensates refund }
  record Receipt { id: Text }
}
tool post {
  read get_parcel(parcel: Text) -> Parcel
  write send(order: Key<Order>) as "post_send" { irreversible; retain 30d }
}
"#;

/// The policy of the shop and these declarations.
fn typed(more: &str) -> Typed {
    let root = SourceFile { name: "shop.agentpolicy".into(), text: format!("{SHOP}{more}") };
    let compiled = compile(root, &NoFiles, &Library::default());
    // A policy that shows one thing is not one that the analyses find nothing about.
    let errors = compiled.diagnostics.iter().filter(|found| found.is_error());
    let messages: Vec<&str> = errors.map(|found| found.message.as_str()).collect();
    assert_eq!(messages, Vec::<&str>::new());
    compiled.typed.unwrap()
}

/// The only job, with these members.
fn job(members: &str) -> Job {
    typed(&format!("job serve {{ input {{ customer: Text }}\n{members}\n}}")).jobs.remove(0)
}

fn names(job: &Job) -> Vec<&str> {
    job.rules.iter().map(|rule| rule.name.as_str()).collect()
}

fn verb<'t>(typed: &'t Typed, name: &str) -> &'t Verb {
    typed.verbs.iter().find(|verb| verb.name == name).unwrap()
}

fn changed(typed: &Typed, name: &str) -> Vec<(String, usize)> {
    let name_of = |change: &Change| typed.records[change.record.0 as usize].name.clone();
    verb(typed, name).changes.iter().map(|change| (name_of(change), change.key.len())).collect()
}

#[test]
fn the_policy_says_who_it_is() {
    let typed = typed("");
    assert_eq!((typed.name.as_str(), typed.version.as_str(), typed.owner.as_str()), ("acme.shop", "1.2.0", "ops@acme.example"));
}

#[test]
fn a_let_that_nothing_uses_is_read_for_a_verb_that_it_fits() {
    let said = |binding: &str| {
        let more = "tool till { write take(amount: Money(USD)?, parcel: Key<Parcel>) { changes nothing; irreversible } }\n";
        let text = format!("{SHOP}{more}{binding}\njob serve {{ input {{ customer: Text }} }}");
        let compiled = compile(SourceFile { name: "shop.agentpolicy".into(), text }, &NoFiles, &Library::default());
        let of_types = |id: &str| id.starts_with("AP03");
        let codes = compiled.diagnostics.iter().map(|found| found.code.id).filter(|id| of_types(id));
        codes.collect::<Vec<_>>()
    };
    // The first verb with such a parameter is another one, and for that it would mean nothing.
    assert_eq!(said("let taken = amount ?? 5 USD"), Vec::<&str>::new());
    assert_eq!(said("let first_letter = parcel.number"), Vec::<&str>::new());
    assert_eq!(said("let written = text ?? \"none\""), ["AP0339"]);
    assert_eq!(said("let odd = receipt.number"), ["AP0318"]);
}

#[test]
fn parameters_of_one_name_and_type_share_a_slot() {
    let typed = typed("");
    let slot = |name: &str| verb(&typed, name).params[0].arg;
    assert_eq!(slot("refund"), slot("note"));
    assert_eq!(slot("get_order"), slot("send"));
    assert_ne!(slot("refund"), slot("void"));
    let names: Vec<&str> = typed.args.iter().map(|slot| slot.name.as_str()).collect();
    assert_eq!(names, ["order", "amount", "text", "receipt", "parcel"]);
}

#[test]
fn a_write_changes_what_it_says_or_all_that_its_tool_fetches() {
    let typed = typed("");
    assert_eq!(changed(&typed, "note"), [("Order".to_owned(), 1)]);
    assert_eq!(changed(&typed, "void"), []);
    assert_eq!(changed(&typed, "refund"), [("Order".to_owned(), 0), ("Parcel".to_owned(), 0)]);
    assert_eq!(changed(&typed, "send"), [("Parcel".to_owned(), 0)]);
}

#[test]
fn verbs_keep_what_they_say_of_themselves() {
    let typed = typed("");
    let hour = 3_600_000_000_000;
    let undo = verb(&typed, "refund").undo.as_ref().unwrap();
    assert_eq!((typed.verbs[undo.verb.index()].name.as_str(), undo.within, undo.args[0].0), ("void", Some(24 * hour), 0));
    assert_eq!(verb(&typed, "refund").risks, [0]);
    let send = verb(&typed, "send");
    assert_eq!((send.wire.as_str(), send.irreversible, send.retain), ("post_send", true, Some(30 * 24 * hour)));
    let reversed = verb(&typed, "void").compensates.unwrap();
    assert_eq!(typed.verbs[reversed.index()].name, "refund");
}

#[test]
fn freshness_is_the_records_own_or_its_sources() {
    let typed = typed("");
    let fresh = |name: &str| {
        let record = typed.records.iter().find(|record| record.name == name).unwrap();
        record.fetch.as_ref().unwrap().fresh.unwrap() / 60_000_000_000
    };
    assert_eq!((fresh("Order"), fresh("Parcel"), fresh("Stock")), (15, 15, 1));
}

#[test]
fn unnamed_rules_have_stable_names() {
    let job = job("
        allow read shop.*
        allow read shop.get_order when order.total > 5 USD
        allow write refund, note
        never post.*
        never no_notes on note when text == \"\"
        escalate when run.denials > 3
        escalate when run.denials > 5
        on failure of refund after 2 tries escalate
        never * when run.calls > 9
        never allow_refund_2 on refund when amount > 9 USD
        allow write refund when amount < 1 USD
    ");
    let expected = [
        "allow_shop",
        "allow_get_order",
        "allow_refund",
        "never_post",
        "no_notes",
        "escalate",
        "escalate_2",
        "on_failure_refund",
        "never_all",
        "allow_refund_2",
        "allow_refund_3",
    ];
    assert_eq!(names(&job), expected);
    let named: Vec<bool> = job.rules.iter().map(|rule| rule.named).collect();
    assert_eq!(named.iter().filter(|named| **named).count(), 2);
}

#[test]
fn a_wildcard_stands_for_reads_in_an_allow_and_for_every_verb_elsewhere() {
    let typed = typed("job serve { allow read shop.*\nnever shop.*, shop.refund }");
    let verbs =
        |rule: usize| typed.jobs[0].rules[rule].verbs.iter().map(|id| typed.verbs[id.index()].name.as_str()).collect::<Vec<_>>();
    assert_eq!(verbs(0), ["get_order", "find_parcels"]);
    assert_eq!(verbs(1), ["get_order", "find_parcels", "refund", "note", "void"]);
}

/// How many conditions are joined in a rule.
fn joined(expr: Option<&Expr>) -> usize {
    match expr {
        None => 0,
        Some(Expr { kind: ExprKind::And(parts), .. }) => parts.iter().map(|part| joined(Some(part))).sum(),
        Some(_) => 1,
    }
}

#[test]
fn blocks_and_rule_sets_give_their_conditions_to_each_rule_inside() {
    let typed = typed(
        "
        let large = 50 USD
        rules shared {
          let large = 9 USD
          never big on refund when amount > large
          when amount < 3 USD { never small on refund unless amount > 1 USD }
        }
        job serve {
          input { customer: Text }
          allow write refund
          when input.customer == \"c\" {
            unless run.calls > 3 { include shared }
            never odd on refund when amount > large
          }
        }
    ",
    );
    let counts: Vec<(&str, usize)> =
        typed.jobs[0].rules.iter().map(|rule| (rule.name.as_str(), joined(rule.condition.as_ref()))).collect();
    assert_eq!(counts, [("allow_refund", 0), ("big", 3), ("small", 4), ("odd", 2)]);
    assert_eq!(typed.lets.len(), 2, "each rule means the `let` it was written beside");
}

#[test]
fn a_chain_of_approvers_is_laid_flat() {
    let job = job("
        gate large on refund when amount > 50 USD {
          approvers 2 of role lead, user
          may be requester
          expires 1h else then role boss 2h else escalate
          show amount, order
        }
    ");
    let RuleKind::Gate(gate) = &job.rules[0].kind else { panic!("a gate") };
    let hour = 3_600_000_000_000;
    assert_eq!(gate.approvers.iter().map(|group| group.quorum).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(gate.approvers[1].who, ApproverKind::User);
    assert!(gate.may_be_requester);
    assert_eq!(gate.expires, Some(hour));
    assert_eq!(gate.then.len(), 1);
    assert_eq!((gate.then[0].1, &gate.then[0].0[0].who), (Some(2 * hour), &ApproverKind::Role(RoleId(1))));
    assert_eq!(gate.otherwise, ExpiredThen::Escalate);
    let Show::Value(text, value) = &gate.show[1] else { panic!("a value") };
    assert_eq!(text, "order");
    assert!(matches!(value.kind, ExprKind::Lookup(..)), "a key shows its record");
}

#[test]
fn limits_say_what_they_count() {
    let job = job("
        gate large on refund, note { approvers role lead }
        limit daily on refund: sum(amount) < 500 USD per day in zone \"Europe/Berlin\" by order else gate large
        limit weekly on refund: count(distinct order) <= 20 per last 7d capacity 100 else escalate
        limit calls: count() <= 40 per run else pause
        limit spend: run.cost <= 2 USD else deny
    ");
    let limits: Vec<&Limit> = job
        .rules
        .iter()
        .filter_map(|rule| match &rule.kind {
            RuleKind::Limit(limit) => Some(limit),
            _ => None,
        })
        .collect();
    let day = 86_400_000_000_000;
    let windows: Vec<&Window> = limits.iter().map(|limit| &limit.window).collect();
    assert_eq!(windows, [&Window::Day("Europe/Berlin".into()), &Window::Last(7 * day), &Window::Run, &Window::Run]);
    let otherwise: Vec<&LimitElse> = limits.iter().map(|limit| &limit.otherwise).collect();
    assert_eq!(otherwise, [&LimitElse::Gate(0), &LimitElse::Escalate, &LimitElse::Pause, &LimitElse::Deny]);
    assert_eq!((limits[0].strict, limits[0].by.len(), limits[1].capacity), (true, 1, Some(100)));
    assert!(matches!(limits[3].measure, Measure::Value(_)));
}

#[test]
fn resuming_is_for_those_who_may_pause_unless_it_is_said() {
    let one = job("allow read shop.*\npause by role lead, role boss");
    assert_eq!(one.resume_by, one.pause_by);
    let other = job("allow read shop.*\npause by role lead, role boss\nresume by role boss");
    assert_eq!((other.pause_by.len(), other.resume_by.len()), (2, 1));
}

#[test]
fn a_test_begins_with_its_fixture_and_lays_its_own_over_it() {
    let typed = typed(
        "
        job serve {
          input { customer: Text, ticket: Int }
          environment { region: Text? }
          allow write refund
          gate large on refund when amount > 50 USD { approvers role lead }
        }
        fixture start {
          job serve
          input { customer: \"c-1\", ticket: 1 }
          user { id: \"u\", roles: [lead] }
          given Order[\"A\"] { total: 9 USD }
        }
        test \"large\" with start {
          input { ticket: 2 }
          given Order[\"A\"] { total: 90 USD }
          call refund(order: \"A\", amount: 60 USD) expect approval by large
          given Order[\"A\"] unavailable
          refuse large by \"ann\" as lead expect deny
          end expect not_done
        }
    ",
    );
    let test = &typed.tests[0];
    let given: Vec<u32> = test.input.iter().map(|(index, _)| *index).collect();
    assert_eq!(given, [0, 1]);
    assert!(matches!(&test.input[1].1.kind, ExprKind::Const(agentc_runtime::value::Value::Int(2))));
    assert_eq!(test.identity.len(), 2);
    let steps: Vec<&str> = test
        .steps
        .iter()
        .map(|step| match &step.kind {
            StepKind::Given { state: Given::Fields(_), .. } => "given",
            StepKind::Given { .. } => "unavailable",
            StepKind::Call { .. } => "call",
            StepKind::Approve { refuse: true, gate: 1, .. } => "refuse",
            StepKind::End => "end",
            _ => "other",
        })
        .collect();
    assert_eq!(steps, ["given", "given", "call", "unavailable", "refuse", "end"]);
    let expect = test.steps[2].expect.as_ref().unwrap();
    assert_eq!((expect.outcome, expect.by.as_slice()), (Expected::Approval, &["large".to_owned()][..]));
}

#[test]
fn a_proof_without_a_job_speaks_of_every_job() {
    let typed = typed(
        "
        job one { allow write refund\ngate a on refund { approvers role lead } }
        job two { allow write refund\ngate b on refund { approvers role lead }\nlimit daily on refund: count() <= 5 per day else deny }
        prove \"all\" {
          never allow refund when amount > 9 USD without approval
          every write where irreversible or risk money is gated or denied
          limit daily holds
        }
    ",
    );
    let statements = &typed.proofs[0].statements;
    let jobs: Vec<u32> = statements.iter().map(|statement| statement.job.0).collect();
    assert_eq!(jobs, [0, 1, 0, 1, 1]);
    let PropertyKind::EveryWrite { verbs, gated, denied, undoable } = &statements[2].kind else { panic!("every write") };
    let names: Vec<&str> = verbs.iter().map(|id| typed.verbs[id.index()].name.as_str()).collect();
    assert_eq!((names, *gated, *denied, *undoable), (vec!["refund", "send"], true, true, false));
    assert_eq!(statements[4].kind, PropertyKind::LimitHolds(2));
}
