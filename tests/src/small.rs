//! Random policies over small domains: few enough calls that every one can be tried.
//!
//! One verb with a whole number, a variant, a truth value, an optional text; a job with a whole number in its input; one record that may be
//! absent. Conditions compare with constants from 0 to 4 and with each other, so numbers from -2 to 6 stand for all.

use crate::chance::Chance;

/// Numbers that stand for all of them.
pub const NUMBERS: std::ops::RangeInclusive<i64> = -2..=6;
/// The variants.
pub const VARIANTS: [&str; 3] = ["red", "green", "blue"];
/// Texts that stand for all of them.
pub const TEXTS: [&str; 3] = ["a", "b", "other"];

/// A policy and what is asked of it.
#[derive(Debug, Clone)]
pub struct Small {
    /// Its rules, a line each.
    pub rules: Vec<String>,
    /// What is asked.
    pub statements: Vec<Statement>,
}

/// A statement to be proved.
#[derive(Debug, Clone)]
pub enum Statement {
    /// Never allowed, not even approved.
    Never(String),
    /// Never allowed without approval.
    WithoutApproval(String),
    /// Always allowed.
    Always(String),
    /// Never allowed unless this role approves.
    Needs(String, &'static str),
}

impl Statement {
    /// Which form it has.
    pub fn form(&self) -> &'static str {
        match self {
            Self::Never(_) => "never",
            Self::WithoutApproval(_) => "without approval",
            Self::Always(_) => "always",
            Self::Needs(..) => "needs",
        }
    }

    /// Its condition.
    pub fn condition(&self) -> &str {
        match self {
            Self::Never(condition) | Self::WithoutApproval(condition) | Self::Always(condition) | Self::Needs(condition, _) => {
                condition
            }
        }
    }

    /// As the language writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Never(condition) => format!("never allow t.act when {condition}"),
            Self::WithoutApproval(condition) => format!("never allow t.act when {condition} without approval"),
            Self::Always(condition) => format!("always allow t.act when {condition}"),
            Self::Needs(condition, role) => format!("t.act when {condition} needs approval by role {role}"),
        }
    }
}

const HEAD: &str = r#"policy small { version "1.0.0" }
enum Colour { red, green, blue }
role lead, boss
source s "S" { record R by id { id: Text, v: Int, w: Int? }; fetch R by host; fresh for 1h }
tool t on mcp "t" { write act(x: Int, c: Colour, f: Bool, o: Text?) { irreversible } }
"#;

impl Small {
    /// The policy without anything asked of it, its statements' conditions watched by rules in shadow.
    pub fn watched(&self) -> String {
        let watches = self
            .statements
            .iter()
            .enumerate()
            .map(|(at, one)| format!("shadow never watch_{at} on t.act when {}", one.condition()));
        let rules: Vec<String> = self.rules.iter().cloned().chain(watches).collect();
        format!("{HEAD}job j {{\n  input {{ n: Int }}\n  {}\n}}\n", rules.join("\n  "))
    }

    /// The policy with its proofs, `p0` first.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}job j {{\n  input {{ n: Int }}\n  {}\n}}\n", self.rules.join("\n  "));
        for (at, statement) in self.statements.iter().enumerate() {
            text.push_str(&format!("prove \"p{at}\" {{ job j; {} }}\n", statement.text()));
        }
        text
    }
}

/// A policy of so many rules, at least and at most.
pub fn policy(chance: &mut Chance, least: usize, most: usize) -> Small {
    let count = least + chance.below(most - least + 1);
    let mut rules = vec![format!("allow write t.act when {}", condition(chance, 2))];
    for at in 1..count {
        rules.push(match chance.below(6) {
            0 => format!("allow a{at} on write t.act when {}", condition(chance, 2)),
            1 | 2 => format!("never n{at} on t.act when {}", condition(chance, 2)),
            3 => format!("escalate e{at} on t.act when {}", condition(chance, 1)),
            _ => {
                let role = chance.one(&["lead", "boss"]);
                format!("gate g{at} on t.act when {} {{ approvers role {role} }}", condition(chance, 1))
            }
        });
    }
    let statements = vec![
        Statement::Never(condition(chance, 2)),
        Statement::WithoutApproval(condition(chance, 2)),
        Statement::Always(narrow(chance)),
        Statement::Needs(condition(chance, 1), *chance.one(&["lead", "boss"])),
    ];
    Small { rules, statements }
}

/// Conditions that few calls satisfy, so that what is said of them may hold.
fn narrow(chance: &mut Chance) -> String {
    let parts: Vec<String> = (0..3 + chance.below(3)).map(|_| atom(chance)).collect();
    parts.join(" and ")
}

fn condition(chance: &mut Chance, depth: usize) -> String {
    if depth == 0 || chance.percent(35) {
        return atom(chance);
    }
    let count = 2 + chance.below(2);
    let parts: Vec<String> = (0..count).map(|_| condition(chance, depth - 1)).collect();
    match chance.below(5) {
        0 | 1 => format!("({})", parts.join(" and ")),
        2 | 3 => format!("({})", parts.join(" or ")),
        _ => format!("not ({})", parts[0]),
    }
}

fn number(chance: &mut Chance) -> String {
    match chance.below(8) {
        0 | 1 => "x".into(),
        2 => "input.n".into(),
        3 => "R[\"k\"].v".into(),
        4 => format!("(R[\"k\"].v ?? {})", chance.below(5)),
        5 => format!("(R[\"k\"].w ?? {})", chance.below(5)),
        6 => format!("(if f then x else {})", chance.below(5)),
        _ => format!("(match c {{ red => {}, _ => x }})", chance.below(5)),
    }
}

fn atom(chance: &mut Chance) -> String {
    match chance.below(12) {
        0..=4 => {
            let op = chance.one(&["<", "<=", ">", ">=", "==", "!="]);
            let right = if chance.percent(70) { chance.below(5).to_string() } else { number(chance) };
            format!("{} {op} {right}", number(chance))
        }
        5 => format!("{} in {}..{}", number(chance), chance.below(3), 2 + chance.below(3)),
        6 => format!("c == {}", chance.one(&VARIANTS)),
        7 => format!("c in [{}, {}]", chance.one(&VARIANTS), chance.one(&VARIANTS)),
        8 => "f".into(),
        9 => "o is absent".into(),
        10 => format!("(o ?? \"{}\") == \"{}\"", chance.one(&["a", "b"]), chance.one(&["a", "b"])),
        _ => "R[\"k\"] is absent".into(),
    }
}
