//! What a bare name means where it stands.

use super::literal::plain;
use super::provenance::marks;
use super::scope::Place;
use super::{Checked, Checker, Reported};
use crate::diagnostic::codes::{
    AmbiguousVariant, NameKind, NoSuchVariant, NonValue, NotAValue, NotHere, Thing, UnknownName, UnsharedParameter,
};
use crate::diagnostic::suggest;
use crate::typed::{self, ArgId, EnumId, ExprKind, Provenance, RecordId, Type, VerbId};
use agentc_grammar::span::Span;
use agentc_runtime::value::Value;

/// The words that begin a path into the run and its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// `input.x`
    Input,
    /// `run.x`
    Run,
    /// `user.x`
    User,
    /// `agent.x`
    Agent,
    /// `signal.x`
    Signal,
    /// `now`
    Now,
}

/// What a bare name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A name bound around it, by its place among them.
    Local(usize),
    /// `args` of an earlier call.
    PastArgs,
    /// `result` of an earlier call.
    PastResult,
    /// A field of the row.
    RowField(u32),
    /// A parameter of the scope's verbs.
    Parameter(Parameter),
    /// A `let`, by its place among all.
    Let(usize),
    /// One of the words above.
    Root(Root),
    /// None of these: a variant, a weekday, or nothing.
    Other,
}

/// A parameter, as the verbs of a rule have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parameter {
    /// All of them have it with this slot; and where its value comes from.
    Shared(ArgId, Provenance),
    /// Not all of them have it, or with another type: the first that has it, and the first that differs.
    Unshared(VerbId, VerbId),
}

/// The days, Monday first.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The roots and their words.
const ROOTS: [(&str, Root); 6] = [
    ("input", Root::Input),
    ("run", Root::Run),
    ("user", Root::User),
    ("agent", Root::Agent),
    ("signal", Root::Signal),
    ("now", Root::Now),
];

impl Checker<'_, '_> {
    /// What the name means here, in the order that [`Scope`](super::Scope) documents.
    pub(super) fn meaning(&mut self, name: &str) -> Meaning {
        if let Some(at) = self.here.locals.iter().rposition(|local| local.name == name) {
            return Meaning::Local(at);
        }
        match name {
            "args" if self.here.past.is_some() && self.here.scope.place == Place::Job => return Meaning::PastArgs,
            "result" if self.here.past.is_some() => return Meaning::PastResult,
            _ => {}
        }
        if let Some(field) = self.here.row.as_ref().and_then(|row| self.field_index(row.record, name)) {
            return Meaning::RowField(field);
        }
        let parameter = self.parameter(name);
        self.lets.note_parameter(name, parameter.as_ref());
        if let Some(parameter) = parameter {
            return Meaning::Parameter(parameter);
        }
        if let Some(declared) = self.lets.find(&self.here.scope.reach, name) {
            return Meaning::Let(declared);
        }
        if self.here.scope.place != Place::Constant
            && let Some((_, root)) = ROOTS.iter().find(|(word, _)| *word == name)
        {
            return Meaning::Root(*root);
        }
        Meaning::Other
    }

    /// A bare name as a value.
    pub(super) fn name(&mut self, name: &str, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        match self.meaning(name) {
            Meaning::Local(at) => self.local(at, span),
            Meaning::PastArgs => Err(self.not_a_value(span, NonValue::Root("args".into()))),
            Meaning::PastResult => self.past_result(span),
            Meaning::RowField(field) => self.row_field(field, span),
            Meaning::Parameter(Parameter::Shared(arg, provenance)) => {
                let ty = self.hir.typed.args.get(arg.index()).map_or(Type::Bool, |slot| slot.ty.clone());
                Ok(self.node(ExprKind::Arg(arg), ty, provenance, span))
            }
            Meaning::Parameter(Parameter::Unshared(has, lacks)) => {
                let loc = self.loc(span);
                Err(self.report(UnsharedParameter { name: name.to_owned(), has, lacks, loc }))
            }
            Meaning::Let(declared) => self.use_of_let(declared, span),
            Meaning::Root(Root::Now) => {
                self.only_outside_functions(Thing::Now, span)?;
                Ok(self.node(ExprKind::Now, Type::Time, Provenance::HISTORY, span))
            }
            Meaning::Root(_) => Err(self.not_a_value(span, NonValue::Root(name.to_owned()))),
            Meaning::Other => self.variant(name, span, hint),
        }
    }

    /// A bound name.
    fn local(&mut self, at: usize, span: Span) -> Checked<typed::Expr> {
        // An index that `meaning` gave; where its type is missing, what it is bound to has an error.
        let binding = self.here.locals.get(at).ok_or(Reported(()))?;
        let ty = binding.ty.clone().ok_or(Reported(()))?;
        Ok(self.node(ExprKind::Local(binding.local), ty, binding.provenance, span))
    }

    /// The parameter of that name, as the verbs of the scope have it.
    pub(super) fn parameter(&self, name: &str) -> Option<Parameter> {
        let found = |verb: &VerbId| {
            let decl = self.hir.typed.verbs.get(verb.index())?;
            let param = decl.params.iter().find(|param| param.field.name == name)?;
            Some((param.arg, marks(&param.field)))
        };
        let verbs = &self.here.scope.verbs;
        let (first, (arg, _)) = verbs.iter().find_map(|verb| Some((*verb, found(verb)?)))?;
        if self.here.scope.any_parameter {
            return Some(Parameter::Shared(arg, Provenance::CALL));
        }
        let mut provenance = Provenance::CALL;
        for verb in verbs {
            match found(verb) {
                Some((same, marks)) if same == arg => provenance |= marks,
                _ => return Some(Parameter::Unshared(first, *verb)),
            }
        }
        Some(Parameter::Shared(arg, provenance))
    }

    /// An enum's variant or a weekday.
    fn variant(&mut self, name: &str, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        let loc = self.loc(span);
        let candidates = self.hir.names.variants.get(name).map_or(&[][..], Vec::as_slice);
        let day = WEEKDAYS.iter().position(|day| *day == name).and_then(|day| u8::try_from(day).ok());
        match (hint.map(plain), candidates, day) {
            (Some(Type::Enum(wanted)), candidates, _) => match candidates.iter().find(|(id, _)| id == wanted) {
                Some((id, variant)) => Ok(self.constant(Value::Enum(*variant), Type::Enum(*id), span)),
                None if candidates.is_empty() && self.nearest_variant(*wanted, name).is_none() => {
                    Err(self.unknown(name, span, hint))
                }
                None => {
                    let nearest = self.nearest_variant(*wanted, name);
                    Err(self.report(NoSuchVariant { id: *wanted, name: name.to_owned(), nearest, loc }))
                }
            },
            (Some(Type::Weekday), _, Some(day)) | (_, [], Some(day)) => {
                Ok(self.constant(Value::Weekday(day.saturating_add(1)), Type::Weekday, span))
            }
            (_, [(id, variant)], None) => Ok(self.constant(Value::Enum(*variant), Type::Enum(*id), span)),
            (_, [], None) => Err(self.unknown(name, span, hint)),
            (_, several, day) => {
                let enums = several.iter().map(|(id, _)| *id).collect();
                Err(self.report(AmbiguousVariant { name: name.to_owned(), enums, weekday: day.is_some(), loc }))
            }
        }
    }

    /// `OrderStatus.open`: the variant of that enum.
    pub(super) fn variant_of(&mut self, id: EnumId, name: &str, span: Span) -> Checked<typed::Expr> {
        self.variant(name, span, Some(&Type::Enum(id)))
    }

    fn nearest_variant(&self, id: EnumId, name: &str) -> Option<String> {
        let decl = self.hir.typed.enums.get(id.0 as usize)?;
        suggest::nearest(name, decl.variants.iter().map(|variant| variant.name.as_str())).map(str::to_owned)
    }

    /// Whether the name stands for an enum's variant or a weekday here.
    pub(super) fn is_variant(&mut self, name: &str) -> bool {
        let declared = self.hir.names.variants.contains_key(name) || WEEKDAYS.contains(&name);
        declared && self.meaning(name) == Meaning::Other
    }

    /// The day that a name names, Monday 1.
    pub(super) fn weekday(name: &str) -> Option<u8> {
        let day = WEEKDAYS.iter().position(|day| *day == name)?;
        u8::try_from(day).ok().map(|day| day.saturating_add(1))
    }

    /// A name without a meaning.
    fn unknown(&mut self, name: &str, span: Span, hint: Option<&Type>) -> Reported {
        let names = &self.hir.names;
        let declared = if names.records.contains_key(name) {
            Some(NonValue::Record(name.to_owned()))
        } else if names.enums.contains_key(name) {
            Some(NonValue::Enum(name.to_owned()))
        } else if names.fns.contains_key(name) {
            Some(NonValue::Function(name.to_owned()))
        } else if names.tools.contains_key(name) {
            Some(NonValue::Tool(name.to_owned()))
        } else {
            None
        };
        if let Some(declared) = declared {
            return self.not_a_value(span, declared);
        }
        if self.here.scope.place == Place::Function && self.lets.is_declared(name) {
            return self.not_here(Thing::Let, span);
        }
        let past = self.here.past.iter().flat_map(|past| &past.verbs);
        let mut past = past.filter_map(|verb| self.hir.typed.verbs.get(verb.index())).flat_map(|verb| &verb.params);
        if self.here.scope.place == Place::Job && past.any(|param| param.field.name == name) {
            return self.not_here(Thing::PastParameter(name.to_owned()), span);
        }
        let loc = self.loc(span);
        if self.here.scope.verbs.is_empty() && self.here.scope.place == Place::Job {
            let mut verbs = self.hir.typed.verbs.iter();
            if verbs.any(|verb| verb.params.iter().any(|param| param.field.name == name)) {
                return self.report(NotHere { what: Thing::Parameter(name.to_owned()), place: "a rule without verbs", loc });
            }
        }
        let nearest = self.nearest_name(name, hint);
        self.report(UnknownName { kind: NameKind::Value, name: name.to_owned(), loc, nearest, module: None })
    }

    fn nearest_name(&self, name: &str, hint: Option<&Type>) -> Option<String> {
        if hint.map(plain) == Some(&Type::Weekday)
            && let Some(day) = WEEKDAYS.iter().find(|day| name.len() >= 2 && day.starts_with(&name.to_ascii_lowercase()))
        {
            return Some((*day).to_owned());
        }
        let scope = &self.here.scope;
        let mut candidates: Vec<&str> = self.here.locals.iter().map(|local| local.name.as_str()).collect();
        if let Some(row) = &self.here.row
            && let Some(record) = self.hir.typed.records.get(row.record.0 as usize)
        {
            candidates.extend(record.fields.iter().map(|field| field.name.as_str()));
        }
        for verb in scope.verbs.iter().filter_map(|verb| self.hir.typed.verbs.get(verb.index())) {
            candidates.extend(verb.params.iter().map(|param| param.field.name.as_str()));
        }
        candidates.extend(self.lets.names(&scope.reach));
        if let Some(Type::Enum(id)) = hint.map(plain)
            && let Some(decl) = self.hir.typed.enums.get(id.0 as usize)
        {
            candidates.extend(decl.variants.iter().map(|variant| variant.name.as_str()));
        }
        if scope.place != Place::Constant {
            candidates.extend(ROOTS.iter().map(|(word, _)| *word));
        }
        candidates.extend(self.hir.names.variants.keys().map(String::as_str));
        candidates.extend(WEEKDAYS);
        suggest::nearest(name, candidates).map(str::to_owned)
    }

    /// Something that is no value by itself.
    pub(super) fn not_a_value(&mut self, span: Span, what: NonValue) -> Reported {
        let loc = self.loc(span);
        self.report(NotAValue { what, loc })
    }

    /// Refuses what only a rule of a job can speak of.
    pub(super) fn only_in_jobs(&mut self, what: Thing, span: Span) -> Checked<()> {
        if self.here.scope.place == Place::Job { Ok(()) } else { Err(self.not_here(what, span)) }
    }

    /// Refuses what functions and tests cannot speak of.
    pub(super) fn only_outside_functions(&mut self, what: Thing, span: Span) -> Checked<()> {
        match self.here.scope.place {
            Place::Function | Place::Constant => Err(self.not_here(what, span)),
            Place::Job | Place::Verb | Place::Undo => Ok(()),
        }
    }

    pub(super) fn not_here(&mut self, what: Thing, span: Span) -> Reported {
        let place = match self.here.scope.place {
            Place::Job => "a rule",
            Place::Verb => "a clause of a verb",
            Place::Undo => "an `undo`",
            Place::Function => "a function",
            Place::Constant => "a test",
        };
        let loc = self.loc(span);
        self.report(NotHere { what, place, loc })
    }

    /// The index of a record's field.
    pub(super) fn field_index(&self, record: RecordId, name: &str) -> Option<u32> {
        let decl = self.hir.typed.records.get(record.0 as usize)?;
        let at = decl.fields.iter().position(|field| field.name == name)?;
        u32::try_from(at).ok()
    }
}
