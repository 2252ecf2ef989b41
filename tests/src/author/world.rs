//! What a random policy declares before its jobs: enums, roles, identities, sources, tools, functions.

use super::kind::{Kind, scalar};
use crate::chance::Chance;

/// Whether a value may widen authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing is said.
    None,
    /// `claim`
    Claim,
    /// `untrusted`
    Untrusted,
    /// `secret`
    Secret,
}

impl Mark {
    /// The model or an outsider says so.
    pub(super) fn is_loose(self) -> bool {
        matches!(self, Self::Claim | Self::Untrusted)
    }
}

/// A field, parameter, input or attribute.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// Its type.
    pub(super) kind: Kind,
    /// Its mark.
    pub(super) mark: Mark,
    /// Where and how it stands in JSON, as the language writes it.
    pub(super) place: &'static str,
    /// A key that several records' verbs share is named once: the parameter's place.
    pub(super) from: Option<String>,
}

impl Field {
    /// A field without anything special.
    pub(super) fn plain(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind, mark: Mark::None, place: "", from: None }
    }
}

/// A record of a source, or a plain shape.
#[derive(Debug)]
pub(super) struct Record {
    /// Its name.
    pub(super) name: String,
    /// Indices of its key's fields.
    pub(super) key: Vec<usize>,
    /// Its fields.
    pub(super) fields: Vec<Field>,
    /// The host reads it by its own means.
    pub(super) by_host: bool,
    /// For how long a reading counts.
    pub(super) fresh: Option<&'static str>,
}

/// A verb.
#[derive(Debug)]
pub(super) struct Verb {
    /// Tool and name.
    pub(super) path: String,
    /// It writes.
    pub(super) writes: bool,
    /// Its parameters.
    pub(super) params: Vec<Field>,
    /// What it answers.
    pub(super) result: Option<Kind>,
    /// Its declaration, without the tool's braces.
    pub(super) text: String,
}

/// A function of the file.
#[derive(Debug)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// Its parameters.
    pub(super) params: Vec<Kind>,
    /// Its result.
    pub(super) result: Kind,
}

/// All declarations.
#[derive(Debug)]
pub(super) struct World {
    /// Enums: name and variants.
    pub(super) enums: Vec<(&'static str, Vec<&'static str>)>,
    /// Records.
    pub(super) records: Vec<Record>,
    /// Verbs.
    pub(super) verbs: Vec<Verb>,
    /// Attributes of `user`.
    pub(super) user: Vec<Field>,
    /// Attributes of `agent`.
    pub(super) agent: Vec<Field>,
    /// Functions; the rules' author fills them in.
    pub(super) functions: Vec<Function>,
}

/// The roles of every policy.
pub(super) const ROLES: [&str; 3] = ["lead", "clerk", "sre"];

/// The plain shape of lines: always the record with this index.
pub(super) const LINE: usize = 0;
/// What writes answer: always the record with this index.
pub(super) const DONE: usize = 1;

const ENUMS: [(&str, &[&str]); 3] = [
    ("Status", &["open", "shipped", "delivered as \"delivered\", \"arrived\"", "lost"]),
    ("Tier", &["basic", "silver", "gold as \"GOLD\""]),
    ("Colour", &["red", "green"]),
];

impl World {
    /// A world.
    pub(super) fn new(chance: &mut Chance) -> Self {
        let enums: Vec<_> = ENUMS.iter().take(1 + chance.below(3)).map(|(name, variants)| (*name, variants.to_vec())).collect();
        let mut world =
            Self { enums, records: shapes(), verbs: Vec::new(), user: Vec::new(), agent: Vec::new(), functions: Vec::new() };
        if chance.percent(50) {
            let kind = world.scalar(chance).optional();
            world.user.push(Field::plain("level", kind));
        }
        if chance.percent(40) {
            let kind = world.scalar(chance);
            world.agent.push(Field::plain("team", if chance.percent(50) { kind.optional() } else { kind }));
        }
        for at in 0..1 + chance.below(3) {
            let record = world.record(chance, at);
            world.records.push(record);
        }
        world.verbs(chance);
        world
    }

    /// A scalar, or something that this world declares.
    pub(super) fn scalar(&self, chance: &mut Chance) -> Kind {
        if chance.percent(18) { Kind::Enum(chance.below(self.enums.len())) } else { scalar(chance) }
    }

    fn kind(&self, chance: &mut Chance) -> Kind {
        match chance.below(20) {
            0 | 1 => Kind::List(Box::new(Kind::Record(LINE))),
            2 => Kind::List(Box::new(self.scalar(chance))),
            3 => Kind::Set(Box::new(Kind::Text)),
            4 => Kind::Map(Box::new(self.scalar(chance))),
            5..=7 => self.scalar(chance).optional(),
            8 if self.records.len() > 2 => Kind::Key(2 + chance.below(self.records.len() - 2)),
            9 if self.records.len() > 2 => Kind::Key(2 + chance.below(self.records.len() - 2)).optional(),
            _ => self.scalar(chance),
        }
    }

    fn field(&self, chance: &mut Chance, name: String, marks: &[Mark]) -> Field {
        let kind = self.kind(chance);
        let place = match (&kind, chance.below(4)) {
            (Kind::Money(_), 0) => " cents",
            (Kind::Time, 0) => " epoch seconds",
            (Kind::Time, 1) => " epoch milliseconds",
            _ => "",
        };
        let mark = if chance.percent(14) { *chance.one(marks) } else { Mark::None };
        let from = chance.percent(12).then(|| format!("at.{name}"));
        Field { name, kind, mark, place, from }
    }

    fn record(&self, chance: &mut Chance, at: usize) -> Record {
        let name = ["Order", "Account", "Ticket"][at].to_owned();
        let mut fields = vec![Field::plain("id", if chance.percent(20) { Kind::Int } else { Kind::Text })];
        let mut key = vec![0];
        if chance.percent(15) {
            fields.push(Field::plain("part", Kind::Int));
            key.push(1);
        }
        let letter = ["o", "t", "k"][at];
        for number in 0..2 + chance.below(4) {
            fields.push(self.field(chance, format!("{letter}{number}"), &[Mark::Untrusted, Mark::Secret]));
        }
        // What identities and amounts are asked of.
        fields.push(Field::plain("owner", Kind::Text));
        fields.push(Field::plain("total", Kind::Money("USD")));
        let fresh = *chance.one(&[Some("15m"), Some("1h"), None]);
        Record { name, by_host: key.len() > 1 || chance.percent(35), key, fields, fresh }
    }

    fn verbs(&mut self, chance: &mut Chance) {
        for at in 2..self.records.len() {
            let record = &self.records[at];
            if !record.by_host {
                let param = Field { from: Some("order_id".into()), ..Field::plain("which", Kind::Key(at)) };
                self.push_read(format!("get_{}", record.name.to_lowercase()), vec![param], Some(Kind::Record(at)));
            }
            if !self.records[at].by_host && chance.percent(50) {
                let name = format!("list_{}", self.records[at].name.to_lowercase());
                self.push_read(name, vec![Field::plain("about", Kind::Text)], Some(Kind::List(Box::new(Kind::Record(at)))));
            }
        }
        let params = self.params(chance, 2);
        let result = chance.percent(60).then(|| self.kind(chance));
        self.push_read("think".into(), params, result);
        for at in 0..1 + chance.below(3) {
            self.push_write(chance, at);
        }
    }

    fn params(&self, chance: &mut Chance, most: usize) -> Vec<Field> {
        let marks = [Mark::Claim, Mark::Claim, Mark::Secret];
        (0..chance.below(most + 1)).map(|at| self.field(chance, ["a", "b", "c", "d"][at].to_owned(), &marks)).collect()
    }

    fn push_read(&mut self, name: String, params: Vec<Field>, result: Option<Kind>) {
        let arrow = result.as_ref().map(|kind| format!(" -> {}", self.ty(kind))).unwrap_or_default();
        let text = format!("read {name}({}){arrow}", self.fields(&params, ", "));
        self.verbs.push(Verb { path: format!("shop.{name}"), writes: false, params, result, text });
    }

    fn push_write(&mut self, chance: &mut Chance, at: usize) {
        let name = ["pay", "send", "ship"][at];
        let of = 2 + chance.below(self.records.len() - 2);
        let mut params = Vec::new();
        if chance.percent(80) {
            params.push(Field { from: Some("order_id".into()), ..Field::plain("order", Kind::Key(of)) });
        }
        if chance.percent(60) {
            params.push(Field {
                place: if chance.percent(20) { " cents" } else { "" },
                ..Field::plain("amount", Kind::Money("USD"))
            });
        }
        params.extend(self.params(chance, 3));
        if chance.percent(25) {
            params.push(Field { mark: Mark::Claim, ..Field::plain("reason", Kind::Text.optional()) });
        }
        let has_order = params.first().is_some_and(|param| param.name == "order");
        let mut clauses = Vec::new();
        if chance.percent(35) {
            clauses.push((*chance.one(&["risk money", "risk destructive", "risk customer_facing"])).to_owned());
        }
        let whole = chance.percent(40);
        clauses.push(match chance.below(3) {
            0 => "changes nothing".to_owned(),
            1 if has_order && !whole => format!("changes {}[order]", self.records[of].name),
            _ => format!("changes {}", self.records[of].name),
        });
        if chance.percent(40) {
            clauses.push("no effect on [\"declined\", \"busy\"]".to_owned());
        }
        if chance.percent(15) {
            clauses.push("retain 30d".to_owned());
        }
        let undo = chance.percent(55);
        let mut back = vec![Field::plain("ref", Kind::Text)];
        if undo {
            let mut passed = vec!["ref: result.id".to_owned()];
            if let Some(amount) = params.iter().find(|param| param.name == "amount") {
                back.push(Field::plain("amount", amount.kind.clone()));
                let frozen = if has_order && chance.percent(50) { "amount: order.total" } else { "amount: amount" };
                passed.push(frozen.to_owned());
            }
            let within = *chance.one(&["", " within 1h", " within 24h"]);
            let by = *chance.one(&["", " by role lead", " by role sre"]);
            clauses.push(format!("undo un{name}({}){within}{by}", passed.join(", ")));
        } else {
            clauses.push("irreversible".to_owned());
        }
        let wire = if chance.percent(15) { format!(" as \"{name}_it\"") } else { String::new() };
        let result = (undo || chance.percent(50)).then_some(Kind::Record(DONE));
        let arrow = if result.is_some() { " -> Done" } else { "" };
        let text = format!("write {name}({}){arrow}{wire} {{\n    {}\n  }}", self.fields(&params, ", "), clauses.join("\n    "));
        self.verbs.push(Verb { path: format!("shop.{name}"), writes: true, params, result, text });
        if undo {
            let text = format!("write un{name}({}) {{ changes nothing; compensates {name} }}", self.fields(&back, ", "));
            self.verbs.push(Verb { path: format!("shop.un{name}"), writes: true, params: back, result: None, text });
        }
    }

    /// A type as the language writes it.
    pub(super) fn ty(&self, kind: &Kind) -> String {
        match kind {
            Kind::Money(currency) => format!("Money({currency})"),
            Kind::Enum(at) => self.enums[*at].0.to_owned(),
            Kind::Key(at) => format!("Key<{}>", self.records[*at].name),
            Kind::Record(at) => self.records[*at].name.clone(),
            Kind::List(inner) => format!("List<{}>", self.ty(inner)),
            Kind::Set(inner) => format!("Set<{}>", self.ty(inner)),
            Kind::Map(inner) => format!("Map<Text, {}>", self.ty(inner)),
            Kind::Optional(inner) => format!("{}?", self.ty(inner)),
            scalar => format!("{scalar:?}"),
        }
    }

    /// Fields as the language writes them.
    pub(super) fn fields(&self, fields: &[Field], between: &str) -> String {
        let one = |field: &Field| {
            let mark = match field.mark {
                Mark::None => "",
                Mark::Claim => "claim ",
                Mark::Untrusted => "untrusted ",
                Mark::Secret => "secret ",
            };
            let from = field.from.as_ref().map(|from| format!(" from \"{from}\"")).unwrap_or_default();
            format!("{mark}{}: {}{from}{}", field.name, self.ty(&field.kind), field.place)
        };
        fields.iter().map(one).collect::<Vec<_>>().join(between)
    }

    /// All declarations but the functions, an item after another.
    pub(super) fn items(&self) -> Vec<String> {
        let mut items = vec!["use std.risk".to_owned()];
        for (name, variants) in &self.enums {
            items.push(format!("enum {name} {{\n  {}\n}}", variants.join("\n  ")));
        }
        items.push(format!("role {}", ROLES.join(", ")));
        let who = [("user", &self.user), ("agent", &self.agent)];
        let who: Vec<String> = who
            .iter()
            .filter(|(_, fields)| !fields.is_empty())
            .map(|(name, fields)| format!("{name} {{ {} }}", self.fields(fields, ", ")))
            .collect();
        if !who.is_empty() {
            items.push(format!("identity {{\n  {}\n}}", who.join("\n  ")));
        }
        for record in self.records.iter().skip(2) {
            items.push(self.source(record));
        }
        let shape = |record: &Record| format!("record {} {{ {} }}", record.name, self.fields(&record.fields, ", "));
        items.push(shape(&self.records[LINE]));
        let verbs: Vec<&str> = self.verbs.iter().map(|verb| verb.text.as_str()).collect();
        items.push(format!("tool shop on mcp \"shop\" {{\n  {}\n  {}\n}}", verbs.join("\n  "), shape(&self.records[DONE])));
        items
    }

    fn source(&self, record: &Record) -> String {
        let (name, lower) = (&record.name, record.name.to_lowercase());
        let keys: Vec<&str> = record.key.iter().map(|at| record.fields[*at].name.as_str()).collect();
        let by = if keys.len() == 1 { keys[0].to_owned() } else { format!("({})", keys.join(", ")) };
        let lists = self.verbs.iter().any(|verb| verb.path == format!("shop.list_{lower}"));
        let fetch = if record.by_host {
            format!("fetch {name} by host")
        } else {
            format!(
                "fetch {name} with shop.get_{lower}(which: id){}",
                if lists { format!(", also from shop.list_{lower}") } else { String::new() }
            )
        };
        let fresh = record.fresh.map(|long| format!("\n  fresh for {long}")).unwrap_or_default();
        let fields = self.fields(&record.fields, "\n    ");
        format!("source {lower}s \"{name} system\" {{\n  record {name} by {by} {{\n    {fields}\n  }}\n  {fetch}{fresh}\n}}")
    }
}

fn shapes() -> Vec<Record> {
    let shape =
        |name: &str, fields: Vec<Field>| Record { name: name.into(), key: Vec::new(), fields, by_host: false, fresh: None };
    let line = vec![
        Field::plain("sku", Kind::Text),
        Field::plain("quantity", Kind::Int),
        Field::plain("price", Kind::Money("USD")),
        Field::plain("until", Kind::Time.optional()),
    ];
    vec![
        shape("Line", line),
        shape("Done", vec![Field::plain("id", Kind::Text), Field::plain("paid", Kind::Money("USD").optional())]),
    ]
}
