//! Random policies over small domains: few enough calls that every one can be tried.
//!
//! One verb with a whole number, a variant, a truth value, an optional text; a job with a whole number in its input; one record that may be
//! absent. A policy speaks of two of the numbers and two of the others. Its conditions compare with 1, 2 and each other, so numbers from
//! -1 to 4 stand for all.

use crate::chance::Chance;

/// Numbers that stand for all of them.
pub const NUMBERS: std::ops::RangeInclusive<i64> = -1..=4;
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

/// What the conditions of one policy speak of.
#[derive(Debug)]
struct Parts {
    chance: Chance,
    numbers: Vec<&'static str>,
    others: Vec<&'static str>,
}

impl Parts {
    fn new(chance: &mut Chance) -> Self {
        let mut some = |of: &[&'static str]| {
            let mut of = of.to_vec();
            while of.len() > 2 {
                of.remove(chance.below(of.len()));
            }
            of
        };
        let (numbers, others) = (some(&["x", "n", "v", "w"]), some(&["c", "f", "o"]));
        Self { chance: chance.clone(), numbers, others }
    }

    fn constant(&mut self) -> usize {
        1 + self.chance.below(2)
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        self.chance.one::<&'static str>(of)
    }
}

/// A policy of so many rules, at least and at most.
pub fn policy(chance: &mut Chance, least: usize, most: usize) -> Small {
    let count = least + chance.below(most - least + 1);
    let parts = &mut Parts::new(chance);
    let mut rules = vec![format!("allow write t.act when {}", condition(parts, 2))];
    for at in 1..count {
        rules.push(match parts.chance.below(6) {
            0 => format!("allow a{at} on write t.act when {}", condition(parts, 2)),
            1 | 2 => format!("never n{at} on t.act when {}", condition(parts, 2)),
            3 => format!("escalate e{at} on t.act when {}", condition(parts, 1)),
            _ => {
                let role = parts.one(&["lead", "boss"]);
                format!("gate g{at} on t.act when {} {{ approvers role {role} }}", condition(parts, 1))
            }
        });
    }
    let statements = vec![
        Statement::Never(condition(parts, 2)),
        Statement::WithoutApproval(condition(parts, 2)),
        Statement::Always(narrow(parts)),
        Statement::Needs(condition(parts, 1), parts.one(&["lead", "boss"])),
    ];
    Small { rules, statements }
}

/// Conditions that few calls satisfy, so that what is said of them may hold.
fn narrow(parts: &mut Parts) -> String {
    let count = 3 + parts.chance.below(3);
    let atoms: Vec<String> = (0..count).map(|_| atom(parts)).collect();
    atoms.join(" and ")
}

fn condition(parts: &mut Parts, depth: usize) -> String {
    if depth == 0 || parts.chance.percent(35) {
        return atom(parts);
    }
    let count = 2 + parts.chance.below(2);
    let inner: Vec<String> = (0..count).map(|_| condition(parts, depth - 1)).collect();
    match parts.chance.below(5) {
        0 | 1 => format!("({})", inner.join(" and ")),
        2 | 3 => format!("({})", inner.join(" or ")),
        _ => format!("not ({})", inner[0]),
    }
}

fn number(parts: &mut Parts) -> String {
    let numbers = parts.numbers.clone();
    let constant = parts.constant();
    match parts.one(&numbers) {
        "x" if parts.others.contains(&"f") && parts.chance.percent(25) => format!("(if f then x else {constant})"),
        "x" if parts.others.contains(&"c") && parts.chance.percent(25) => format!("(match c {{ red => {constant}, _ => x }})"),
        "x" => "x".into(),
        "n" => "input.n".into(),
        "v" if parts.chance.percent(50) => "R[\"k\"].v".into(),
        "v" => format!("(R[\"k\"].v ?? {constant})"),
        _ => format!("(R[\"k\"].w ?? {constant})"),
    }
}

fn atom(parts: &mut Parts) -> String {
    let others = parts.others.clone();
    match parts.chance.below(10) {
        0..=4 => {
            let op = parts.one(&["<", "<=", ">", ">=", "==", "!="]);
            let left = number(parts);
            let right = if parts.chance.percent(70) { parts.constant().to_string() } else { number(parts) };
            format!("{left} {op} {right}")
        }
        5 => format!("{} in 1..2", number(parts)),
        6 if parts.numbers.contains(&"v") || parts.numbers.contains(&"w") => "R[\"k\"] is absent".into(),
        _ => match parts.one(&others) {
            "c" if parts.chance.percent(50) => format!("c == {}", parts.one(&VARIANTS)),
            "c" => format!("c in [{}, {}]", parts.one(&VARIANTS), parts.one(&VARIANTS)),
            "f" => "f".into(),
            "o" if parts.chance.percent(40) => "o is absent".into(),
            _ => format!("(o ?? \"{}\") == \"{}\"", parts.one(&["a", "b"]), parts.one(&["a", "b"])),
        },
    }
}
