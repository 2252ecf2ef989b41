//! Values as noun phrases.

use super::words::{is_no_noun, of, spoken, with_article};
use super::{English, Polarity, Reader, Scope, plain};
use crate::typed::{ArithmeticOp, Expr, ExprKind, Field, LocalId, PastPart, RunFact, Type, Who, ZonePart};
use agentc_runtime::value::Value;

/// Names of parameters that are no nouns, as in `to: Email`.
const LITTLE: [&str; 16] =
    ["to", "from", "into", "at", "by", "for", "on", "in", "of", "with", "as", "cc", "until", "since", "before", "after"];

impl English<'_> {
    /// A value as a noun phrase, with its article.
    pub(super) fn noun(&self, expr: &Expr, scope: Option<&Scope<'_>>) -> String {
        match &expr.kind {
            ExprKind::Const(value) => self.constant(value, &expr.ty),
            ExprKind::Arg(arg) => argument(self.arg(*arg)),
            ExprKind::PastArg(arg) => format!("that call's {}", spoken(self.arg(*arg))),
            ExprKind::PastResult => "the result of that call".to_owned(),
            ExprKind::Local(local) => match self.local(*local, scope) {
                // A letter is no noun.
                name if name.len() < 3 => format!("`{name}`"),
                name => format!("the {name}"),
            },
            ExprKind::Input(at) => format!("the job's {}", self.named(self.job.and_then(|job| job.input.get(*at as usize)))),
            ExprKind::Environment(at) => {
                format!("the host's {}", self.named(self.job.and_then(|job| job.environment.get(*at as usize))))
            }
            ExprKind::Signal(at) => {
                format!("the signalled {}", self.named(self.job.and_then(|job| job.signals.get(*at as usize))))
            }
            ExprKind::Identity(who, at) => self.identity(*who, *at),
            ExprKind::Run(fact) => self.run_fact(*fact).to_owned(),
            ExprKind::Now => "the present time".to_owned(),
            ExprKind::Lookup(record, parts) => self.looked_up(*record, parts, scope),
            ExprKind::Field(base, field) => self.part(base, *field, scope),
            ExprKind::Let(id) => self.of_let(*id, scope),
            ExprKind::CallFn(_, arguments) if self.is_seen_through(arguments, &expr.ty) => self.list(arguments, "and", scope),
            ExprKind::CallFn(id, arguments) => {
                let name = self.function(*id).map_or("", |function| function.name.as_str());
                self.made_by(name, arguments, &expr.ty, scope)
            }
            ExprKind::Call(function, arguments) => self.library_noun(function.0.name, arguments, scope),
            ExprKind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right, scope),
            ExprKind::Negate(inner) => format!("minus {}", self.noun(inner, scope)),
            ExprKind::ToDecimal(inner) | ExprKind::ToOptional(inner) | ExprKind::ToKey(inner) => self.noun(inner, scope),
            ExprKind::CompositeKey(parts) => self.list(parts, "and", scope),
            ExprKind::List(parts) if parts.is_empty() => "nothing".to_owned(),
            ExprKind::List(parts) => self.list(parts, "or", scope),
            ExprKind::Coalesce(value, default) => self.coalesce(value, default, scope),
            ExprKind::If(condition, then, otherwise) => {
                let condition = self.sentence(condition, Polarity::Holds, scope);
                format!("({} if {condition}, otherwise {})", self.noun(then, scope), self.noun(otherwise, scope))
            }
            ExprKind::Match(subjects, arms) => self.choice(subjects, arms, scope),
            ExprKind::MapGet(map, key) => self.entry(map, key, scope),
            ExprKind::Quantified(quantifier, local, over, body) => self.gathered(*quantifier, *local, over, body, scope),
            ExprKind::Last(verbs, filter, part) => self.last(verbs, filter.as_deref(), *part, scope),
            ExprKind::InZone(time, zone) => format!("{} in {}", self.noun(time, scope), self.noun(zone, scope)),
            ExprKind::ZonePart(part, time) => self.zone_part(*part, time, scope),
            ExprKind::At(date, time, zone) => {
                format!("{} at {} in {}", self.noun(date, scope), self.noun(time, scope), self.noun(zone, scope))
            }
            ExprKind::RecordLiteral(fields) => {
                let said: Vec<String> = fields.iter().map(|(_, value)| self.noun(value, scope)).collect();
                super::words::joined(&said, "and")
            }
            ExprKind::MapLiteral(entries) => {
                let said: Vec<String> = entries.iter().map(|(_, value)| self.noun(value, scope)).collect();
                super::words::joined(&said, "and")
            }
            _ => format!("whether {}", self.sentence(expr, Polarity::Holds, scope)),
        }
    }

    /// Whether a function only gives a text another form: what it does to it is no part of the model's work.
    pub(super) fn is_seen_through(&self, arguments: &[Expr], ty: &Type) -> bool {
        let is_text = |ty: &Type| plain(ty) == &Type::Text;
        self.reader == Reader::Model && is_text(ty) && matches!(arguments, [only] if is_text(&only.ty))
    }

    /// What a function of the policy gives: `the \`bonus\` for the tier`, `the \`words_of\` the request`, `what \`plain\` makes of the request`.
    fn made_by(&self, name: &str, arguments: &[Expr], ty: &Type, scope: Option<&Scope<'_>>) -> String {
        let about = self.list(arguments, "and", scope);
        match arguments {
            [] => format!("`{name}`"),
            _ if name.ends_with("_of") => format!("the `{name}` {about}"),
            [only] if plain(&only.ty) == plain(ty) || is_no_noun(name) => format!("what `{name}` makes of {about}"),
            _ => format!("the `{name}` for {about}"),
        }
    }

    /// Values, with that word before the last.
    pub(super) fn list(&self, parts: &[Expr], word: &str, scope: Option<&Scope<'_>>) -> String {
        let said: Vec<String> = parts.iter().map(|part| self.noun(part, scope)).collect();
        super::words::joined(&said, word)
    }

    fn named(&self, field: Option<&Field>) -> String {
        field.map_or_else(|| "value".to_owned(), part_name)
    }

    /// What a bound name is called here.
    pub(super) fn local(&self, local: LocalId, scope: Option<&Scope<'_>>) -> String {
        let mut here = scope;
        while let Some(scope) = here {
            if scope.local == local {
                return scope.name.to_owned();
            }
            here = scope.outer;
        }
        let of_function = self.typed.fns.iter().flat_map(|function| &function.params).find(|(param, ..)| *param == local);
        of_function.map_or_else(|| "row".to_owned(), |(_, name, _)| spoken(name))
    }

    fn identity(&self, who: Who, at: u32) -> String {
        let (holder, fields) = match (who, self.reader) {
            (Who::Agent, Reader::Person) => ("the agent", &self.typed.agent),
            (Who::Agent, Reader::Model) => ("your own identity", &self.typed.agent),
            (Who::User, _) => ("the person served", &self.typed.user),
        };
        match fields.get(at as usize) {
            Some(field) if field.name == "id" => holder.to_owned(),
            Some(field) => of(holder, &part_name(field)),
            None => holder.to_owned(),
        }
    }

    pub(super) fn run_fact(&self, fact: RunFact) -> &'static str {
        match (fact, self.reader) {
            (RunFact::Calls, _) => "the number of calls so far",
            (RunFact::Denials, _) => "the number of calls denied so far",
            (RunFact::Cost, _) => "the cost of the run",
            (RunFact::Tokens, _) => "the number of tokens used so far",
            (RunFact::Confidence, Reader::Person) => "the agent's confidence",
            (RunFact::Confidence, Reader::Model) => "your confidence",
            (RunFact::Unsettled, _) => "the number of calls whose result is still open",
            (RunFact::SawUntrusted, Reader::Person) => "whether the agent has seen text that outsiders wrote",
            (RunFact::SawUntrusted, Reader::Model) => "whether you have seen text that outsiders wrote",
        }
    }

    /// `the order`, `the invoice for the order`.
    fn looked_up(&self, record: crate::typed::RecordId, parts: &[Expr], scope: Option<&Scope<'_>>) -> String {
        if let [key] = parts
            && plain(&self.bare(key).ty) == &Type::Key(record)
        {
            return self.noun(key, scope);
        }
        let key = self.list(parts, "and", scope);
        let record = self.record(record);
        // `Customer[customer]` is that customer, whatever the type of the name.
        if key == format!("the {record}") { key } else { format!("the {record} for {key}") }
    }

    fn part(&self, base: &Expr, field: u32, scope: Option<&Scope<'_>>) -> String {
        let owner = self.noun(base, scope);
        match self.field(base, field) {
            Some(field) => match when_it_happened(field) {
                Some(participle) => format!("the time when {owner} was {participle}"),
                None => of(&owner, &part_name(field)),
            },
            None => owner,
        }
    }

    fn of_let(&self, id: crate::typed::LetId, scope: Option<&Scope<'_>>) -> String {
        let Some(used) = self.let_value(id) else { return String::new() };
        // A path such as `lead.contact` is told as what it is, a time in a zone only by its parts.
        match &used.value.kind {
            ExprKind::Const(value) => self.constant(value, &used.value.ty),
            _ if plain(&used.value.ty) == &Type::Zoned => self.noun(&used.value, scope),
            _ if is_no_noun(&spoken(&used.name)) => format!("`{}`", used.name),
            _ => format!("the {}", spoken(&used.name)),
        }
    }

    fn arithmetic(&self, op: ArithmeticOp, left: &Expr, right: &Expr, scope: Option<&Scope<'_>>) -> String {
        if op == ArithmeticOp::Subtract && left.kind == ExprKind::Now && plain(&right.ty) == &Type::Time {
            let since = self.noun(right, scope);
            return match since.strip_prefix("the time when ") {
                Some(event) => format!("the time since {event}"),
                None => format!("the time since {since}"),
            };
        }
        if let Some(moment) = self.before_or_after_now(op, left, right) {
            return moment;
        }
        let side = |operand: &Expr| {
            let said = self.untold(operand, scope);
            let inner = matches!(operand.kind, ExprKind::Arithmetic(..)) && op != ArithmeticOp::Add;
            if inner { format!("({said})") } else { said }
        };
        let word = match op {
            ArithmeticOp::Add => "plus",
            ArithmeticOp::Subtract => "minus",
            ArithmeticOp::Multiply => "times",
        };
        format!("{} {word} {}", side(left), side(right))
    }

    /// A part of what bounds something: a constant of the policy's own is not told to whom it binds.
    pub(super) fn untold(&self, operand: &Expr, scope: Option<&Scope<'_>>) -> String {
        if self.bounds && matches!(self.bare(operand).kind, ExprKind::Const(_)) && self.is_threshold(operand) {
            return untold(&operand.ty).to_owned();
        }
        self.noun(operand, scope)
    }

    /// `90 days from now`, `15 minutes ago`
    fn before_or_after_now(&self, op: ArithmeticOp, left: &Expr, right: &Expr) -> Option<String> {
        let is_length = plain(&right.ty) == &Type::Duration && matches!(self.bare(right).kind, ExprKind::Const(_));
        let where_to = match op {
            ArithmeticOp::Add => "from now",
            ArithmeticOp::Subtract => "ago",
            ArithmeticOp::Multiply => return None,
        };
        let how_far =
            || if self.bounds && self.is_threshold(right) { untold(&right.ty).to_owned() } else { self.noun(right, super::TOP) };
        (left.kind == ExprKind::Now && is_length).then(|| format!("{} {where_to}", how_far()))
    }

    /// `the agent's confidence (1 where there is none)`; the model is not told the number that stands in.
    fn coalesce(&self, value: &Expr, default: &Expr, scope: Option<&Scope<'_>>) -> String {
        let said = self.noun(value, scope);
        if self.reader == Reader::Model && matches!(self.bare(default).kind, ExprKind::Const(_)) {
            return said;
        }
        let instead = match &self.bare(default).kind {
            ExprKind::Const(Value::Text(text)) if text.is_empty() => "empty".to_owned(),
            ExprKind::Const(Value::List(members)) if members.is_empty() => "empty".to_owned(),
            ExprKind::List(members) if members.is_empty() => "empty".to_owned(),
            _ => self.noun(default, scope),
        };
        let instead = format!(" ({instead} where there is none)");
        // What is missing within it is said once.
        let said = said.strip_suffix(&instead).unwrap_or(&said);
        format!("{said}{instead}")
    }

    fn entry(&self, map: &Expr, key: &Expr, scope: Option<&Scope<'_>>) -> String {
        let (map, key) = (self.noun(map, scope), self.noun(key, scope));
        format!("the entry for {key} in {map}")
    }

    fn last(&self, verbs: &[crate::typed::VerbId], filter: Option<&Expr>, part: PastPart, scope: Option<&Scope<'_>>) -> String {
        let call = format!("the last {} call{}", self.verbs(verbs, "or"), self.filtered(filter, scope));
        match part {
            PastPart::Result => format!("the result of {call}"),
            PastPart::Arg(arg) => format!("the {} of {call}", spoken(self.arg(arg))),
            PastPart::At => format!("the time of {call}"),
            PastPart::Exists => call,
        }
    }

    /// `, where that call's order is the order`
    pub(super) fn filtered(&self, filter: Option<&Expr>, scope: Option<&Scope<'_>>) -> String {
        filter.map_or_else(String::new, |filter| format!(" where {}", self.sentence(filter, Polarity::Holds, scope)))
    }

    fn zone_part(&self, part: ZonePart, time: &Expr, scope: Option<&Scope<'_>>) -> String {
        let word = match part {
            ZonePart::Date => "date",
            ZonePart::Time => "time of day",
            ZonePart::Weekday => "weekday",
        };
        let behind = match &time.kind {
            ExprKind::Let(id) => self.let_value(*id).map_or(time, |used| &used.value),
            _ => time,
        };
        match &behind.kind {
            ExprKind::InZone(now, zone) if now.kind == ExprKind::Now && part == ZonePart::Date => {
                format!("today's date in {}", self.noun(zone, scope))
            }
            ExprKind::InZone(now, zone) if now.kind == ExprKind::Now => format!("the {word} in {}", self.noun(zone, scope)),
            ExprKind::InZone(time, zone) => {
                let (time, zone) = (self.noun(time, scope), self.noun(zone, scope));
                if time.ends_with(" from now") || time.ends_with(" ago") {
                    format!("the {word} in {zone} {time}")
                } else {
                    format!("the {word} of {time} in {zone}")
                }
            }
            _ => format!("the {word} of {}", self.noun(behind, scope)),
        }
    }

    /// What a record that is absent, or a value that is none, is called: `a state`.
    pub(super) fn possession(&self, base: &Expr, field: u32) -> String {
        self.field(base, field).map_or_else(|| "a value".to_owned(), |field| with_article(&part_name(field)))
    }
}

/// A bound of the policy's own, for whom it is not told.
fn untold(ty: &Type) -> &'static str {
    match plain(ty) {
        Type::Money(_) => "a set amount",
        Type::Duration => "a set time",
        _ => "a set number",
    }
}

/// `the amount`; `the argument “to”` where the name is no noun.
fn argument(name: &str) -> String {
    if LITTLE.contains(&name) || is_no_noun(name) {
        format!("the argument “{name}”")
    } else {
        format!("the {}", spoken(name))
    }
}

/// The name of a field; `user_id` of type `Key<User>` is the user.
pub(super) fn part_name(field: &Field) -> String {
    let name = match plain(&field.ty) {
        Type::Key(_) => field.name.strip_suffix("_id").unwrap_or(&field.name),
        _ => &field.name,
    };
    spoken(name)
}

/// `placed_at` of type `Time` tells when something was `placed`.
pub(super) fn when_it_happened(field: &Field) -> Option<String> {
    let event = field.name.strip_suffix("_at")?;
    (plain(&field.ty) == &Type::Time && event.ends_with("ed")).then(|| spoken(event))
}
