//! A family of policies of any number of rules, all of them alive: what the time of `check` is measured on.
//!
//! A policy has twenty rules to a desk: a verb that pays, allowed by region, refused, gated, bounded and stopped. In the wide shape
//! each desk has a verb of its own; in the deep shape all rules speak of one verb. A file is bounded, so the rules stand in rule
//! sets of modules.

use agentc_compiler::source::Loader;
use agentc_compiler::typed::SourceFile;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How the rules are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Twenty rules to a verb.
    Wide,
    /// All rules on one verb.
    Deep,
}

/// Rules to a desk.
const RULES: usize = 20;
/// Desks to a module: its file stays below the grammar's bound.
const DESKS: usize = 150;

/// A policy of the family.
#[derive(Debug)]
pub struct Family {
    /// Its root file.
    pub root: SourceFile,
    /// Its modules.
    pub modules: Modules,
}

/// Modules by name.
#[derive(Debug, Default)]
pub struct Modules(BTreeMap<String, String>);

impl Loader for Modules {
    fn load(&self, module: &str) -> Option<SourceFile> {
        self.0.get(module).map(|text| SourceFile { name: module.to_owned(), text: text.clone() })
    }
}

/// The policy of that shape with so many rules, to the next twenty.
#[must_use]
pub fn family(shape: Shape, rules: usize) -> Family {
    let desks = rules.div_ceil(RULES);
    let mut root = ROOT.to_owned();
    let mut includes = String::new();
    let mut modules = BTreeMap::new();
    for part in 0..desks.div_ceil(DESKS) {
        let within = part * DESKS..desks.min((part + 1) * DESKS);
        let _ = writeln!(root, "use acme.part_{part}");
        let _ = writeln!(includes, "  include part_{part}");
        modules.insert(format!("acme.part_{part}"), module(shape, part, within));
    }
    if shape == Shape::Deep {
        root.push_str(&tool(0));
    }
    let _ = write!(root, "job desk {{\n{JOB}{includes}}}\n");
    Family { root: SourceFile { name: "family.agentpolicy".into(), text: root }, modules: Modules(modules) }
}

fn module(shape: Shape, part: usize, desks: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    if shape == Shape::Wide {
        for desk in desks.clone() {
            text.push_str(&tool(desk));
        }
    }
    let _ = writeln!(text, "rules part_{part} {{");
    for desk in desks {
        text.push_str(&rules_of(if shape == Shape::Wide { desk } else { 0 }, desk));
    }
    text.push_str("}\n");
    text
}

fn tool(desk: usize) -> String {
    format!(
        "tool desk_{desk} on mcp \"desk_{desk}\" {{\n  write pay(item: Key<Item>, amount: Money(USD)) -> Paid_{desk} {{ risk money; changes Item[item]; \
         undo void(paid: result.id) }}\n  write void(paid: Text) {{ risk money; compensates pay }}\n  record Paid_{desk} {{ id: Text }}\n}}\n"
    )
}

/// The twenty rules of a desk about the verb of a tool.
fn rules_of(tool: usize, desk: usize) -> String {
    let pay = format!("desk_{tool}.pay");
    let mut text = String::new();
    for at in 0..12 {
        let (least, most) = (10 * at, 500 + 10 * at);
        let _ = writeln!(
            text,
            "  allow write {pay} when item.region == \"d{desk}_{at}\" and item.status in [open, checked] and amount in {least} USD..{most} USD and item.owner == input.customer"
        );
    }
    for at in 0..3 {
        let score = 5 + at;
        let _ = writeln!(text, "  never {pay} when item.region == \"d{desk}_{at}\" and item.score < {score}");
    }
    for at in 0..2 {
        let most = 100 + 10 * at;
        let _ = writeln!(
            text,
            "  gate large_{desk}_{at} on {pay} when item.region == \"d{desk}_{at}\" and amount > {most} USD {{ approvers role lead; expires 4h }}"
        );
    }
    let _ = writeln!(text, "  escalate odd_{desk} on {pay} when item.region == \"d{desk}_3\" and item.score > 900");
    let _ = writeln!(text, "  require seen_{desk} on {pay}: store.look(item: item) when item.region == \"d{desk}_4\"");
    let _ = writeln!(
        text,
        "  limit daily_{desk} on {pay}: sum(amount) <= 5000 USD per day when item.region == \"d{desk}_5\" else escalate"
    );
    text
}

const ROOT: &str = r#"policy acme.family { version "1"; owner "desk@acme.example" }
use std.risk
role lead
enum Status { open, checked, closed }
source records "Records" {
  record Item by id { id: Text, region: Text, status: Status, score: Int, owner: Text }
  fetch Item with store.get(item: id)
  fresh for 15m
}
tool store on mcp "store" {
  read get(item: Key<Item>) -> Item
  read look(item: Key<Item>) -> Text
}
"#;

const JOB: &str = r#"  purpose "Pay what customers are owed."
  input { customer: Text }
  done when run.calls > 0
  allow read store.get, store.look
  escalate unsure when (run.confidence ?? 1) < 0.7
  limit calls: count() <= 40 per run else escalate
  handoff to "leads" { show trace; expect "Decide by hand." }
  pause by role lead
"#;
