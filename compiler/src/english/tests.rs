//! Conditions and what they read like, for a person and, where that differs, for the model.

use super::{English, Reader};
use crate::source::NoFiles;
use crate::typed::{SourceFile, Typed};

const WORLD: &str = r#"
policy words { version "1" }
enum Status { open, shipped, past_due }
role lead
identity { user { tier: Text } }
source shop {
  record Order by id {
    id: Text
    total: Money(USD)
    status: Status
    placed_at: Time
    customer: Key<Customer>
    approved: Bool
    has_contract: Bool
    lines: List<Line>
    tags: Set<Text>
    note: Text?
    closed_by: Text? secret
  }
  record Line { sku: Text, quantity: Int }
  record Customer by id { id: Text, name: Text, manager: Text, prices: Map<Text, Money(USD)> }
  record Invoice by order { order: Text, total: Money(USD) }
  fetch Order by host
  fetch Customer by host
  fetch Invoice by host
  fresh for 15m
}
tool t {
  read look(order: Key<Order>) -> Order
  write act(order: Key<Order>, amount: Money(USD), to: Email, urgent: Bool, due: Date, parts: List<Line>) { irreversible }
}
let late = now - order.placed_at > 30d
let cap  = 500 USD
fn bonus(status: Status) -> Money(USD) = match status { open => 10 USD, _ => 0 USD }
fn is_fine(status: Status) -> Bool = match status { open => true, past_due => false, _ => true }
job j {
  purpose "Words."
  input { customer: Text, status: Status }
  environment { mail_enabled: Bool }
  allow read t.look
  allow write t.act when CONDITION
}
"#;

fn compiled(condition: &str) -> Typed {
    let root = SourceFile { name: "words".into(), text: WORLD.replace("CONDITION", condition) };
    let compiled = crate::compile(root, &NoFiles, &agentc_stdlib::library());
    let said: Vec<&str> = compiled.diagnostics.iter().filter(|one| one.is_error()).map(|one| one.message.as_str()).collect();
    compiled.typed.unwrap_or_else(|| panic!("{condition}: {said:?}"))
}

fn said(condition: &str, reader: Reader) -> String {
    let typed = compiled(condition);
    let job = &typed.jobs[0];
    English::new(&typed, job, reader).condition(job.rules[1].condition.as_ref().unwrap())
}

fn reads(condition: &str, words: &str) {
    assert_eq!(said(condition, Reader::Person), words, "{condition}");
}

#[test]
fn comparisons() {
    reads("order.status == shipped", "the order's status is shipped");
    reads("order.status in [shipped, past_due]", "the order's status is shipped or past due");
    reads("amount <= order.total", "the amount is at most the order's total");
    reads("50 USD < amount", "the amount is above 50 USD");
    reads("amount in 5 USD..10000 USD", "the amount is between 5 USD and 10,000 USD");
    reads("order.customer.name == input.customer", "the name of the order's customer is the job's customer");
    reads("order.total == Invoice[order].total", "the order's total is the total of the invoice for the order");
    reads("due > 2026-05-04", "the due is after 2026-05-04");
    reads("list.length(parts) < 3", "the number of parts is below 3");
}

#[test]
fn negations_go_inwards() {
    reads("not (amount > 50 USD)", "the amount is at most 50 USD");
    reads("not (order.approved and amount > 5 USD)", "the order is not approved or the amount is at most 5 USD");
    reads(
        "not (any l in order.lines: l.quantity > 1)",
        "there is no line among the order's lines such that the line's quantity is above 1",
    );
    reads(
        "not (all l in order.lines: l.quantity > 1)",
        "there is a line among the order's lines such that the line's quantity is at most 1",
    );
    reads("order.note is not absent", "the order has a note");
    reads("\"x\" not in order.tags", "the order's tags do not include \"x\"");
}

#[test]
fn mixed_connectives_stand_in_brackets() {
    reads(
        "(order.approved or urgent) and amount > 5 USD",
        "(the order is approved or it is marked urgent) and the amount is above 5 USD",
    );
}

#[test]
fn switches_and_properties() {
    reads("run.env.mail_enabled", "mail is enabled");
    reads("order.has_contract", "the order has contract");
    reads("urgent", "it is marked urgent");
    reads("user.tier == \"gold\"", "the tier of the person served is \"gold\"");
    reads(
        "order.approved == (order.status == open)",
        "either both or neither of these hold: the order is approved; the order's status is open",
    );
}

#[test]
fn times() {
    reads("now - order.placed_at <= 30d", "the order was placed at most 30 days ago");
    reads("late", "the order was placed more than 30 days ago");
    reads("now > order.placed_at", "the present time is after the time when the order was placed");
    reads("(now in zone \"Europe/Berlin\").time in 08:00..18:00", "the time of day in Europe/Berlin is between 08:00 and 18:00");
    reads("(now in zone \"Europe/Berlin\").weekday in monday..friday", "the weekday in Europe/Berlin is Monday to Friday");
}

#[test]
fn loops_name_their_members() {
    reads("any p in parts: p.quantity > 1", "there is a part such that the part's quantity is above 1");
    reads(
        "all p in parts: any q in order.lines: q.sku == p.sku",
        "for each part, there is a line among the order's lines such that the line's sku is the part's sku",
    );
    reads(
        "any p in parts: any q in parts: p.sku == q.sku",
        "there is a part such that there is another part such that the part's sku is the other part's sku",
    );
    reads("sum(p in parts: p.quantity) < 9", "the sum, over the parts, of the part's quantity is below 9");
    reads("count(p in parts: p.quantity == 0) == 0", "there are no parts such that the part's quantity is 0");
}

#[test]
fn many_loops_keep_their_members_apart() {
    reads(
        "any p in parts: any q in parts: any r in parts: p.sku == q.sku and q.sku == r.sku",
        "there is a part such that there is another part such that there is a third part such that the part's sku is the other part's sku and the \
         other part's sku is the third part's sku",
    );
    reads(
        "any t in order.tags: text.length(t) > 3",
        "there is a tag among the order's tags such that the length of the tag is above 3",
    );
    reads(
        "count(t in text.words(order.customer.name): text.length(t) > 3) > 1",
        "the number of words among the words of the name of the order's customer such that the length of the word is above 3 is above 1",
    );
}

#[test]
fn what_is_asked_of_members_alone_needs_no_loop() {
    reads("any t in order.tags: t in [\"a\", \"b\"]", "\"a\" or \"b\" is among the order's tags");
    reads("not (any t in order.tags: t in [\"a\", \"b\"])", "none of \"a\" and \"b\" is among the order's tags");
    reads("all t in order.tags: t in text.words(order.id)", "all of the order's tags are among the words of the order's id");
    reads(
        "any t in order.tags: t not in order.tags",
        "there is a tag among the order's tags such that the tag is not among the order's tags",
    );
}

#[test]
fn replacements_are_told_as_one() {
    let name = "text.replace(text.replace(text.replace(order.id, \":\", \" \"), \";\", \" \"), \"\\n\", \"\")";
    reads(
        &format!("{name} == \"x\""),
        "the order's id with \":\" and \";\" replaced by \" \", then \"\\n\" replaced by \"\" is \"x\"",
    );
    assert_eq!(said(&format!("{name} == \"x\""), Reader::Model), "the order's id with some signs replaced is \"x\"");
    reads("order.id == \"a\\\"b\"", "the order's id is 'a\"b'");
}

#[test]
fn the_model_is_told_no_pattern() {
    let form = "order.id matches \"[A-Z]{2}[0-9]+\"";
    reads(form, "the order's id has the form `[A-Z]{2}[0-9]+`");
    assert_eq!(said(form, Reader::Model), "the order's id has the form that the policy sets");
}

#[test]
fn what_happened() {
    reads("happened(t.look)", "`t.look` has succeeded in this run");
    reads(
        "not failed(t.act where args.order == order)",
        "`t.act` has not failed in this run where that call's order is the order",
    );
    reads("run.unsettled == 0", "there are no calls whose result is still open");
}

#[test]
fn functions_and_maps() {
    reads("amount <= bonus(order.status)", "the amount is at most the `bonus` for the order's status");
    reads("is_fine(order.status)", "`is_fine` holds for the order's status");
    reads("order.customer.prices[\"x\"] is absent", "\"x\" is not among the prices of the order's customer");
    reads("email.in_domain(to, \"acme.example\")", "the argument “to” is an address at \"acme.example\"");
    reads("(order.note ?? \"\") == \"\"", "the order's note (empty where there is none) is \"\"");
}

#[test]
fn the_model_is_told_no_threshold() {
    let model = |condition: &str| said(condition, Reader::Model);
    assert_eq!(model("amount <= 50 USD"), "the amount is at most a set limit");
    assert_eq!(model("amount <= cap"), "the amount is at most a set limit");
    assert_eq!(model("amount <= bonus(order.status)"), "the amount is at most a set limit");
    assert_eq!(model("amount in 5 USD..50 USD"), "the amount is within a set range");
    assert_eq!(model("now - order.placed_at <= 30d"), "the order was placed recently enough");
    assert_eq!(model("late"), "the order was placed too long ago");
    assert_eq!(model("(order.closed_by ?? \"\") == \"ann\""), "something confidential holds");
    // What it needs to do its work, and nothing at all, is no threshold.
    assert_eq!(model("amount <= order.total"), "the amount is at most the order's total");
    assert_eq!(model("amount > 0 USD"), "the amount is above 0 USD");
    assert_eq!(model("order.status in [open, shipped]"), "the order's status is open or shipped");
}

#[test]
fn long_lets_are_told_once() {
    let chain = (0..12).map(|at| format!("order.total > {at} USD")).collect::<Vec<_>>().join(" and ");
    let world = WORLD.replace("let cap ", &format!("let long = {chain}\nlet twice = long and not long\nlet cap "));
    let root = SourceFile { name: "words".into(), text: world.replace("CONDITION", "twice") };
    let typed = crate::compile(root, &NoFiles, &agentc_stdlib::library()).typed.unwrap();
    let job = &typed.jobs[0];
    let english = English::new(&typed, job, Reader::Person);
    let condition = job.rules[1].condition.as_ref().unwrap();
    assert_eq!(english.condition(condition), "`twice` holds");
    let terms = english.terms([condition]);
    assert_eq!(terms.iter().map(|term| term.name.as_str()).collect::<Vec<_>>(), ["long", "twice"]);
    assert_eq!(terms[1].says.lead, "`long` holds and `long` does not hold");
}

const WORDS: &str = r#"
policy words { version "1" }
tool t { write act(to: Text, amount: Money(USD)) { irreversible } }
fn tidy(x: Text) -> Text = text.replace(x, ".", " ")
fn words_of(x: Text) -> List<Text> = text.words(tidy(text.lower(x)))
fn kinds() -> List<Text> = ["rent", "tax"]
let said = words_of(input.request)
/// They asked for it in
/// so many words.
let asked = any w in said: w in ["pay", "send", "transfer"]
let known = text.lower(to) in said and (any w in said: w in kinds()) and "soon" in said
let ordered = asked and known and amount < 50 USD
job j {
  purpose "Words."
  input { request: Text }
  allow write t.act when ordered or (not known and amount < 10 USD)
}
"#;

/// The terms of the rule above for a reader: the name, what is told of it, its parts.
fn terms_for(reader: Reader) -> Vec<(String, String, Vec<String>)> {
    let root = SourceFile { name: "words".into(), text: WORDS.into() };
    let compiled = crate::compile(root, &NoFiles, &agentc_stdlib::library());
    let typed = compiled.typed.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let english = English::new(&typed, &typed.jobs[0], reader);
    let told = english.terms([typed.jobs[0].rules[0].condition.as_ref().unwrap()]);
    told.into_iter().map(|term| (term.lead(), term.told(), term.says.parts)).collect()
}

#[test]
fn a_term_is_told_by_the_names_in_it_and_in_its_authors_words() {
    let terms = terms_for(Reader::Person);
    let of = |name: &str| terms.iter().find(|(lead, ..)| lead == name).unwrap_or_else(|| panic!("{name}: {terms:?}"));
    let asked = "“They asked for it in so many words.” That is: \"pay\", \"send\" or \"transfer\" is among `said`";
    assert_eq!(of("`asked`").1, asked);
    assert_eq!(of("`ordered`").1, "`asked` holds, `known` holds and the amount is below 50 USD");
    let known =
        "the argument “to” in small letters is among `said`, (some of `said` are among `kinds`) and `said` include \"soon\"";
    assert_eq!(of("`known`").1, known);
    assert_eq!(of("`words_of` for x").1, "the words of what `tidy` makes of `x` in small letters");
    assert_eq!(of("`tidy` for x").1, "`x` with \".\" replaced by \" \"");
}

#[test]
fn the_model_is_not_told_which_words_are_looked_for() {
    let terms = terms_for(Reader::Model);
    let all = format!("{terms:?}");
    for word in ["pay", "send", "transfer", "rent", "tax", "soon", "so many words", "tidy"] {
        assert!(!all.contains(word), "the model learns {word}: {all}");
    }
    let of = |name: &str| terms.iter().find(|(lead, ..)| lead == name).map(|(_, told, _)| told.as_str());
    assert_eq!(of("`asked`"), Some("`said` has a word that the policy looks for"));
    assert_eq!(of("`kinds`"), Some("words that the policy sets"));
    assert_eq!(of("`words_of` for x"), Some("the words of `x` in small letters"));
}

#[test]
fn texts_that_are_put_together_are_told_in_their_order() {
    reads(
        "text.contains(input.customer, text.join([\"(\", order.id, \")\"], \"\"))",
        "the job's customer contains \"(\" followed by the order's id followed by \")\"",
    );
    reads(
        "text.join([order.id, input.customer], \"-\") == \"x\"",
        "the order's id and the job's customer with \"-\" between them is \"x\"",
    );
}
