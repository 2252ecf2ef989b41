//! Conditions: comparisons, memberships, loops and questions about the past, joined by `and`, `or` and `not`.

use super::kind::Kind;
use super::term::{Author, Given};

impl Author<'_> {
    /// A condition without parentheses around it where it is a single question.
    pub(super) fn condition(&mut self, scope: &[Given], depth: usize) -> String {
        if depth == 0 || self.chance.percent(50) {
            return self.question(scope, depth);
        }
        let parts: Vec<String> = (0..2 + self.chance.below(2)).map(|_| self.condition(scope, depth - 1)).collect();
        match self.chance.below(5) {
            0 => format!("not ({})", parts[0]),
            1 | 2 => format!("({})", parts.join(" and ")),
            _ => format!("({})", parts.join(" or ")),
        }
    }

    /// Several questions that all must hold.
    pub(super) fn narrow(&mut self, scope: &[Given]) -> String {
        let parts: Vec<String> = (0..1 + self.chance.below(3)).map(|_| self.condition(scope, 1)).collect();
        if parts.len() == 1 { parts[0].clone() } else { format!("({})", parts.join(" and ")) }
    }

    /// Several questions of which one must hold.
    pub(super) fn wide(&mut self, scope: &[Given]) -> String {
        let parts: Vec<String> = (0..1 + self.chance.below(3)).map(|_| self.condition(scope, 1)).collect();
        if parts.len() == 1 { parts[0].clone() } else { format!("({})", parts.join(" or ")) }
    }

    fn question(&mut self, scope: &[Given], depth: usize) -> String {
        for _ in 0..4 {
            let asked = if scope.is_empty() || self.chance.percent(8) {
                self.library_call(scope, &Kind::Bool, depth.max(1))
            } else {
                // What is given is asked about, each as its type has it.
                let given = self.chance.one(scope).clone();
                self.about(scope, &given, depth)
            };
            if let Some(asked) = asked {
                return asked;
            }
        }
        "run.calls < 5".to_owned()
    }

    fn about(&mut self, scope: &[Given], given: &Given, depth: usize) -> Option<String> {
        let text = &given.text;
        match &given.kind {
            Kind::Optional(inner) => match self.chance.below(4) {
                0 => Some(format!("{text} is absent")),
                1 => Some(format!("{text} is not absent")),
                _ if inner.is_plain() => {
                    let settled = Given {
                        text: format!("({text} ?? {})", self.literal(inner)?),
                        kind: (**inner).clone(),
                        loose: given.loose,
                    };
                    self.about(scope, &settled, depth)
                }
                _ => Some(format!("{text} is not absent")),
            },
            Kind::Bool => Some(if self.chance.percent(50) { text.clone() } else { format!("not {text}") }),
            Kind::List(_) | Kind::Set(_) | Kind::Map(_) => self.about_many(scope, given, depth),
            Kind::Record(_) => None,
            kind if kind.is_ordered() && self.chance.percent(70) => self.ordered(scope, text, kind, depth),
            Kind::Text if self.chance.percent(20) => {
                let pattern = *self.chance.one(&["[a-z]+", "A-[0-9]+", ".*b.*", "", "(a|b)?"]);
                Some(format!("{text} matches \"{pattern}\""))
            }
            Kind::Path if self.chance.percent(50) => {
                let base = self.literal(&Kind::Path)?;
                Some(format!("{text} under {base}"))
            }
            kind => self.equal(scope, text, kind, depth),
        }
    }

    fn ordered(&mut self, scope: &[Given], text: &str, kind: &Kind, depth: usize) -> Option<String> {
        let known = kind.literals();
        if self.chance.percent(25) && known.len() > 2 {
            // Literals stand in order, but for the last one, and times and dates.
            let low = self.chance.below(known.len() - 2);
            if !matches!(kind, Kind::Time | Kind::Date) {
                return Some(format!("{text} in {}..{}", known[low], known[low + 1]));
            }
        }
        let op = *self.chance.one(&["<", "<=", ">", ">=", "<=", ">=", "==", "!="]);
        let other = if self.chance.percent(65) { self.literal(kind) } else { self.term(scope, kind, depth) };
        Some(format!("{text} {op} {}", other?))
    }

    fn equal(&mut self, scope: &[Given], text: &str, kind: &Kind, depth: usize) -> Option<String> {
        if self.chance.percent(30) && !matches!(kind, Kind::Key(_)) {
            let list = self.literal(&Kind::List(Box::new(kind.clone())))?;
            let op = *self.chance.one(&["in", "in", "not in"]);
            return Some(format!("{text} {op} {list}"));
        }
        let op = *self.chance.one(&["==", "==", "==", "!="]);
        let other = if self.chance.percent(65) {
            self.literal(kind).or_else(|| self.term(scope, kind, 0))
        } else {
            self.term(scope, kind, depth)
        };
        Some(format!("{text} {op} {}", other?))
    }

    fn about_many(&mut self, scope: &[Given], given: &Given, depth: usize) -> Option<String> {
        let text = &given.text;
        let member = match &given.kind {
            Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => (**inner).clone(),
            _ => return None,
        };
        match self.chance.below(6) {
            0 if matches!(given.kind, Kind::Map(_)) => {
                Some(format!("{} {} {text}", self.literal(&Kind::Text)?, self.chance.one(&["in", "not in"])))
            }
            1 | 2 if matches!(given.kind, Kind::Map(_)) && member.is_plain() => {
                let entry = format!("({text}[{}] ?? {})", self.literal(&Kind::Text)?, self.literal(&member)?);
                self.about(scope, &Given { text: entry, kind: member, loose: given.loose }, 0)
            }
            0 if member.is_plain() => {
                let one = self.term(scope, &member, 0)?;
                Some(format!("{one} in {text}"))
            }
            1 if member.is_plain() && matches!(given.kind, Kind::List(_)) => {
                let others: Vec<String> =
                    scope.iter().filter(|other| other.kind == given.kind).map(|other| other.text.clone()).collect();
                let other = self.chance.one(&others).clone();
                let (left, right) = (self.name("x"), self.name("y"));
                Some(format!("(all ({left}, {right}) in zip({text}, {other}): {left} == {right})"))
            }
            _ => {
                let name = self.name("x");
                let mut inner = Vec::new();
                self.given_kind(&mut inner, &name, &member, given.loose, 1);
                if self.chance.percent(30) {
                    inner.extend(scope.iter().filter(|one| one.kind.is_plain()).take(4).cloned());
                }
                let body = self.condition(&inner, depth.min(1));
                let how = *self.chance.one(&["any", "all"]);
                Some(format!("({how} {name} in {text}: {body})"))
            }
        }
    }
}
