//! Expressions of a wanted type, over what can be spoken of where they stand.

use super::kind::Kind;
use super::world::{Field, LINE, Mark, World};
use crate::chance::Chance;
use agentc_runtime::library::{Constant, Function, Library, Shape};

/// Something that can be spoken of.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// As the language writes it.
    pub(super) text: String,
    /// Its type.
    pub(super) kind: Kind,
    /// The model or an outsider says so: it may only tighten.
    pub(super) loose: bool,
}

/// Who writes expressions.
#[derive(Debug)]
pub(super) struct Author<'a> {
    /// What is declared.
    pub(super) world: &'a World,
    /// The functions of the library.
    pub(super) library: &'a Library,
    /// Chance.
    pub(super) chance: Chance,
    /// Names bound so far.
    pub(super) names: usize,
}

const ZONES: [&str; 3] = ["\"Europe/Berlin\"", "\"America/New_York\"", "\"UTC\""];

impl Author<'_> {
    /// What a field gives: itself, and where it is a record or its key, that record's fields.
    pub(super) fn given(&self, into: &mut Vec<Given>, text: &str, field: &Field, loose: bool) {
        let loose = loose || field.mark.is_loose();
        self.given_kind(into, text, &field.kind, loose, 1);
    }

    /// What a value of that type gives.
    pub(super) fn given_kind(&self, into: &mut Vec<Given>, text: &str, kind: &Kind, loose: bool, depth: usize) {
        into.push(Given { text: text.to_owned(), kind: kind.clone(), loose });
        let (Kind::Key(at) | Kind::Record(at)) = kind.settled() else { return };
        if depth == 0 {
            return;
        }
        for field in &self.world.records[*at].fields {
            let inner = if kind == kind.settled() { field.kind.clone() } else { field.kind.clone().optional() };
            let loose = loose || field.mark == Mark::Untrusted;
            let deeper = if matches!(field.kind.settled(), Kind::Key(_)) { depth - 1 } else { 0 };
            self.given_kind(into, &format!("{text}.{}", field.name), &inner, loose, deeper);
        }
    }

    /// A literal; `None` for types that have none.
    pub(super) fn literal(&mut self, kind: &Kind) -> Option<String> {
        match kind {
            Kind::Enum(at) => {
                let variant = *self.chance.one(&self.world.enums[*at].1);
                variant.split(' ').next().map(str::to_owned)
            }
            Kind::Key(at) => {
                let record = &self.world.records[*at];
                let [key] = record.key.as_slice() else { return None };
                let own = record.fields[*key].kind.clone();
                // Only a text literal becomes a key by itself.
                if own == Kind::Text { self.literal(&own) } else { None }
            }
            Kind::List(inner) | Kind::Set(inner) if inner.is_plain() => {
                let members: Option<Vec<String>> = (0..1 + self.chance.below(3)).map(|_| self.literal(inner)).collect();
                Some(format!("[{}]", members?.join(", ")))
            }
            Kind::Optional(inner) => self.literal(inner),
            scalar => {
                let known = scalar.literals();
                (!known.is_empty()).then(|| (*self.chance.one(known)).to_owned())
            }
        }
    }

    /// Something given of that type.
    fn known(&mut self, scope: &[Given], kind: &Kind) -> Option<String> {
        let fits = |given: &&Given| given.kind == *kind || (given.kind.settled() == kind && kind.is_plain());
        let found: Vec<&Given> = scope.iter().filter(fits).collect();
        if found.is_empty() {
            return None;
        }
        let given = (*self.chance.one(&found)).clone();
        if given.kind == *kind {
            return Some(given.text);
        }
        let otherwise = self.literal(kind)?;
        Some(format!("({} ?? {otherwise})", given.text))
    }

    /// An expression of that type; `None` where nothing here has it.
    pub(super) fn term(&mut self, scope: &[Given], kind: &Kind, depth: usize) -> Option<String> {
        if depth == 0 || self.chance.percent(60) {
            if self.chance.percent(80)
                && let Some(known) = self.known(scope, kind)
            {
                return Some(known);
            }
            return self.literal(kind).or_else(|| self.known(scope, kind));
        }
        let composed = match self.chance.below(10) {
            0 => self.choice(scope, kind, depth),
            1 => self.matching(scope, kind, depth),
            2..5 => self.library_call(scope, kind, depth),
            5 => self.own_call(scope, kind, depth),
            _ => self.operator(scope, kind, depth),
        };
        composed.or_else(|| self.known(scope, kind)).or_else(|| self.literal(kind))
    }

    fn choice(&mut self, scope: &[Given], kind: &Kind, depth: usize) -> Option<String> {
        let condition = self.condition(scope, depth - 1);
        let (then, otherwise) = (self.term(scope, kind, depth - 1)?, self.term(scope, kind, depth - 1)?);
        Some(format!("(if {condition} then {then} else {otherwise})"))
    }

    fn matching(&mut self, scope: &[Given], kind: &Kind, depth: usize) -> Option<String> {
        let subjects: Vec<&Given> = scope
            .iter()
            .filter(|given| matches!(given.kind.settled(), Kind::Enum(_) | Kind::Text | Kind::Int | Kind::Bool))
            .collect();
        if subjects.is_empty() {
            return None;
        }
        let subject = (*self.chance.one(&subjects)).clone();
        let mut arms = Vec::new();
        if subject.kind != *subject.kind.settled() {
            arms.push(format!("none => {}", self.term(scope, kind, depth - 1)?));
        }
        let (one, other) = (self.literal(subject.kind.settled())?, self.literal(subject.kind.settled())?);
        let pattern = if one == other { one } else { format!("{one} | {other}") };
        arms.push(format!("{pattern} => {}", self.term(scope, kind, depth - 1)?));
        if subject.kind.settled() == kind && !matches!(kind, Kind::Enum(_) | Kind::Bool) && self.chance.percent(40) {
            let name = self.name("m");
            arms.push(format!("{name} => {name}"));
        } else {
            arms.push(format!("_ => {}", self.term(scope, kind, depth - 1)?));
        }
        Some(format!("(match {} {{ {} }})", subject.text, arms.join(", ")))
    }

    fn own_call(&mut self, scope: &[Given], kind: &Kind, depth: usize) -> Option<String> {
        let world = self.world;
        let fitting: Vec<_> = world.functions.iter().filter(|function| function.result == *kind).collect();
        if fitting.is_empty() {
            return None;
        }
        let function = *self.chance.one(&fitting);
        let args: Option<Vec<String>> = function.params.iter().map(|param| self.term(scope, param, depth - 1)).collect();
        Some(format!("{}({})", function.name, args?.join(", ")))
    }

    /// A call of a library function whose result has that type, or may have it.
    pub(super) fn library_call(&mut self, scope: &[Given], kind: &Kind, depth: usize) -> Option<String> {
        let fitting: Vec<&'static Function> =
            self.library.functions.iter().copied().filter(|function| fits(&function.result, kind).is_some()).collect();
        if fitting.is_empty() {
            return None;
        }
        let function = *self.chance.one(&fitting);
        let bound = fits(&function.result, kind)?;
        let comparable = function.params.iter().any(|param| speaks_of(&param.shape, &Shape::Comparable));
        let variable = match bound {
            Bound::To(kind) => kind,
            Bound::Free => {
                let members: Vec<Kind> = scope
                    .iter()
                    .filter_map(|given| match &given.kind {
                        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) if !comparable || inner.is_plain() => {
                            Some((**inner).clone())
                        }
                        _ => None,
                    })
                    .collect();
                if members.is_empty() { Kind::Text } else { self.chance.one(&members).clone() }
            }
        };
        if comparable && !variable.is_plain() {
            return None;
        }
        let currency = if let Kind::Money(currency) = kind { currency } else { self.chance.one::<&str>(&["USD", "JPY"]) };
        let mut args = Vec::new();
        for param in function.params {
            let wanted = Kind::of_shape(&param.shape, &variable, currency);
            args.push(match param.constant {
                Constant::No => self.term(scope, &wanted, depth - 1)?,
                Constant::Yes => (*self.chance.one(&["1", "2", "3", "4"])).to_owned(),
                Constant::OneOf(words) => format!("\"{}\"", self.chance.one(words)),
            });
        }
        let call = format!("{}({})", function.name, args.join(", "));
        if matches!(function.result, Shape::Optional(_)) && !matches!(kind, Kind::Optional(_)) {
            let otherwise = self.literal(kind)?;
            return Some(format!("({call} ?? {otherwise})"));
        }
        Some(call)
    }

    fn operator(&mut self, scope: &[Given], kind: &Kind, depth: usize) -> Option<String> {
        let inner = depth - 1;
        let zone = *self.chance.one(&ZONES);
        match kind {
            Kind::Bool => Some(format!("({})", self.condition(scope, inner))),
            Kind::Int if self.chance.percent(30) => self.counted(scope, inner),
            Kind::Money("USD") if self.chance.percent(30) => self.summed(scope, inner),
            Kind::Int | Kind::Decimal | Kind::Money(_) | Kind::Duration => {
                if *kind == Kind::Duration && self.chance.percent(50) {
                    let of = if self.chance.percent(70) { Kind::Time } else { Kind::Date };
                    let left = if of == Kind::Time && has_now(scope) && self.chance.percent(70) {
                        Some("now".to_owned())
                    } else {
                        self.term(scope, &of, inner)
                    };
                    return Some(format!("({} - {})", left?, self.term(scope, &of, inner)?));
                }
                let left = self.term(scope, kind, inner)?;
                if self.chance.percent(30) {
                    let by = if matches!(kind, Kind::Decimal) { Kind::Decimal } else { Kind::Int };
                    return Some(format!("({left} * {})", self.term(scope, &by, inner)?));
                }
                let sign = *self.chance.one(&["+", "-"]);
                Some(format!("({left} {sign} {})", self.term(scope, kind, inner)?))
            }
            Kind::Time if self.chance.percent(30) => {
                let (date, clock) = (self.term(scope, &Kind::Date, inner)?, self.term(scope, &Kind::TimeOfDay, 0)?);
                Some(format!("at({date}, {clock}, {zone})"))
            }
            Kind::Time => Some(format!("({} + {})", self.term(scope, kind, inner)?, self.literal(&Kind::Duration)?)),
            Kind::Date if self.chance.percent(30) => {
                Some(format!("({} + {})", self.term(scope, kind, inner)?, self.chance.one(&["1d", "30d"])))
            }
            Kind::Date | Kind::TimeOfDay | Kind::Weekday => {
                let part = match kind {
                    Kind::Date => "date",
                    Kind::TimeOfDay => "time",
                    _ => "weekday",
                };
                let time = if has_now(scope) && self.chance.percent(70) {
                    "now".to_owned()
                } else {
                    self.term(scope, &Kind::Time, inner)?
                };
                Some(format!("({time} in zone {zone}).{part}"))
            }
            Kind::Optional(settled) => self.first(scope, settled),
            _ => None,
        }
    }

    /// Something to walk over: its text, and what the members are.
    fn walked(&mut self, scope: &[Given]) -> Option<(String, Kind)> {
        let lists: Vec<(String, Kind)> = scope
            .iter()
            .filter_map(|given| match &given.kind {
                Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => Some((given.text.clone(), (**inner).clone())),
                _ => None,
            })
            .collect();
        if !lists.is_empty() && self.chance.percent(85) {
            return Some(self.chance.one(&lists).clone());
        }
        let kind = self.chance.one(&[Kind::Int, Kind::Text]).clone();
        Some((self.literal(&Kind::List(Box::new(kind.clone())))?, kind))
    }

    pub(super) fn name(&mut self, letter: &str) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    /// Inside a loop: its name, what it walks over, and everything that can be spoken of in there.
    pub(super) fn inside(&mut self, scope: &[Given]) -> Option<(String, String, Vec<Given>)> {
        let (list, member) = self.walked(scope)?;
        let name = self.name("x");
        let mut inner = Vec::new();
        self.given_kind(&mut inner, &name, &member, false, 1);
        // The members come several times, so that the body speaks of them.
        let own = inner.clone();
        inner.extend(own);
        inner.extend(scope.iter().filter(|given| given.kind.is_plain()).take(6).cloned());
        Some((name, list, inner))
    }

    fn counted(&mut self, scope: &[Given], depth: usize) -> Option<String> {
        let (name, list, inner) = self.inside(scope)?;
        if self.chance.percent(30) {
            let body = self.term(&inner, &Kind::Int, 0)?;
            let (how, default) = *self.chance.one(&[("sum", ""), ("min", " ?? 0"), ("max", " ?? 1")]);
            return Some(format!("({how}({name} in {list}: {body}){default})"));
        }
        let body = self.condition(&inner, depth.min(1));
        Some(format!("count({name} in {list}: {body})"))
    }

    fn summed(&mut self, scope: &[Given], depth: usize) -> Option<String> {
        let lines = Kind::List(Box::new(Kind::Record(LINE)));
        let list = self.known(scope, &lines)?;
        let name = self.name("x");
        let mut inner = Vec::new();
        self.given_kind(&mut inner, &name, &Kind::Record(LINE), false, 1);
        let body = self.term(&inner, &Kind::Money("USD"), depth.min(1))?;
        let (how, default) = *self.chance.one(&[("sum", ""), ("min", " ?? 0 USD"), ("max", " ?? 10 USD")]);
        Some(format!("({how}({name} in {list}: {body}){default})"))
    }

    fn first(&mut self, scope: &[Given], kind: &Kind) -> Option<String> {
        let lists: Vec<&Given> =
            scope.iter().filter(|given| matches!(&given.kind, Kind::List(inner) if **inner == *kind)).collect();
        if lists.is_empty() {
            return None;
        }
        let list = self.chance.one(&lists).text.clone();
        let name = self.name("x");
        let mut inner = Vec::new();
        self.given_kind(&mut inner, &name, kind, false, 1);
        let body = self.condition(&inner, 0);
        Some(format!("(first {name} in {list} where {body})"))
    }
}

/// Whether the time can be spoken of.
fn has_now(scope: &[Given]) -> bool {
    scope.iter().any(|given| given.text == "now")
}

/// What the variable of a shape is bound to.
enum Bound {
    To(Kind),
    Free,
}

/// Whether a result of that shape has the type, or gives it with a default.
fn fits(shape: &Shape, kind: &Kind) -> Option<Bound> {
    match (shape, kind) {
        (Shape::Any | Shape::Comparable, known) if !matches!(known, Kind::Optional(_)) => Some(Bound::To(known.clone())),
        (Shape::Optional(inner), Kind::Optional(settled)) => fits(inner, settled),
        (Shape::Optional(inner), settled) => fits(inner, settled),
        (Shape::List(inner), Kind::List(member)) | (Shape::Set(inner), Kind::Set(member)) => fits(inner, member),
        (Shape::Money, Kind::Money(_)) => Some(Bound::Free),
        (shape, kind) => {
            let plain =
                !matches!(shape, Shape::Any | Shape::Comparable | Shape::List(_) | Shape::Set(_) | Shape::Map(_) | Shape::Money);
            (plain && Kind::of_shape(shape, &Kind::Text, "USD") == *kind).then_some(Bound::Free)
        }
    }
}

fn speaks_of(shape: &Shape, wanted: &Shape) -> bool {
    shape == wanted
        || match shape {
            Shape::List(inner) | Shape::Set(inner) | Shape::Map(inner) | Shape::Optional(inner) => speaks_of(inner, wanted),
            _ => false,
        }
}
