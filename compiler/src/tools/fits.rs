//! Whether a declared type can stand where a real tool's schema says what it takes or gives.
//!
//! A policy may declare less than the tool has: fewer optional parameters, fewer values of an enum, fewer members of a result. What it declares
//! must be there, and what the tool cannot do without must be declared.

use super::schema::{Alternative, Kinds, Schema};
use crate::diagnostic::suggest;
use crate::diagnostic::text::type_name;
use crate::typed::{Encoding, Field, Loc, Type, Typed};
use agentc_runtime::types::EnumId;
use std::collections::BTreeMap;

/// Which way values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The policy's arguments to the tool.
    In,
    /// The tool's result to the policy.
    Out,
}

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misfit {
    /// Member names from the outside in; empty for the value as a whole.
    pub(super) path: Vec<String>,
    /// The declaration of the field that does not fit, where it is one's.
    pub(super) loc: Option<Loc>,
    /// What is wrong.
    pub(super) fault: Fault,
}

/// What is wrong with a declared type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is of another kind.
    Kind {
        /// The declared type.
        declared: String,
        /// What the tool takes or gives.
        real: String,
    },
    /// An enum has texts that the tool does not take.
    UnknownTexts {
        /// These.
        texts: Vec<String>,
        /// Those it takes.
        known: Vec<String>,
    },
    /// The tool gives texts that the enum does not have.
    NewTexts {
        /// These.
        texts: Vec<String>,
        /// The enum.
        declared: String,
    },
    /// The tool has no such member.
    NoMember {
        /// The nearest that it has.
        nearest: Option<String>,
        /// All that it has.
        known: Vec<String>,
    },
    /// The tool needs a member that is not declared.
    Undeclared,
    /// The tool needs a member that is declared as one that may be missing.
    MayBeLeftOut,
    /// The tool may leave out, or give as `null`, what is declared as always there.
    MayBeMissing,
}

/// Compares fields that stand together in one JSON object with the schema of that object.
pub(super) fn object(typed: &Typed, way: Way, fields: &[&Field], schema: Schema<'_>) -> Vec<Misfit> {
    let mut fit = Fit { typed, way, path: Vec::new(), records: Vec::new() };
    let placed: Vec<(&[String], &Field)> = fields.iter().map(|field| (field.path.as_slice(), *field)).collect();
    let alternatives = schema.alternatives();
    fit.best(&alternatives, Kinds::OBJECT, |fit, alternative| fit.members(&placed, alternative))
}

/// Compares one type with the schema of its value.
pub(super) fn value(typed: &Typed, way: Way, ty: &Type, encoding: &Encoding, schema: Schema<'_>) -> Vec<Misfit> {
    Fit { typed, way, path: Vec::new(), records: Vec::new() }.value(ty, encoding, None, schema)
}

struct Fit<'t> {
    typed: &'t Typed,
    way: Way,
    path: Vec<String>,
    /// The records that are being compared, so that a key's record is never followed for ever.
    records: Vec<u32>,
}

impl Fit<'_> {
    /// What is wrong with the alternative that fits best; nothing where one fits or the schema is open.
    fn best(
        &mut self,
        alternatives: &[Alternative<'_>],
        kind: Kinds,
        mut compare: impl FnMut(&mut Self, &Alternative<'_>) -> Vec<Misfit>,
    ) -> Vec<Misfit> {
        let mut best: Option<(bool, Vec<Misfit>)> = None;
        for alternative in alternatives {
            let other_kind = alternative.kinds().meet(kind).is_none();
            let misfits = compare(self, alternative);
            if misfits.is_empty() {
                return Vec::new();
            }
            // One of the right kind says more about what to mend than one of another.
            let nearer = |(kept_other, kept): &(bool, Vec<Misfit>)| (other_kind, misfits.len()) < (*kept_other, kept.len());
            if best.as_ref().is_none_or(nearer) {
                best = Some((other_kind, misfits));
            }
        }
        best.map(|(_, misfits)| misfits).unwrap_or_default()
    }

    fn misfit(&self, loc: Option<Loc>, fault: Fault) -> Vec<Misfit> {
        vec![Misfit { path: self.path.clone(), loc, fault }]
    }

    fn value(&mut self, ty: &Type, encoding: &Encoding, loc: Option<Loc>, schema: Schema<'_>) -> Vec<Misfit> {
        let alternatives = schema.alternatives();
        let may_be_null = alternatives.iter().any(|alternative| alternative.kinds().has(Kinds::NULL));
        let (bare, optional) = match ty {
            Type::Optional(inner) => (inner.as_ref(), true),
            other => (other, false),
        };
        if self.way == Way::Out && may_be_null && !optional && !alternatives.is_empty() {
            return self.misfit(loc, Fault::MayBeMissing);
        }
        let Some(kinds) = self.kinds(bare, encoding) else { return Vec::new() };
        let all = alternatives.iter().map(Alternative::kinds).fold(Kinds::NONE, |all, kinds| all | kinds).without(Kinds::NULL);
        self.best(&alternatives, kinds, |fit, alternative| {
            let real = alternative.kinds().without(Kinds::NULL);
            let fits = match fit.way {
                Way::In => !real.meet(kinds).is_none(),
                // A result that is sometimes a fraction is malformed for an integer then.
                Way::Out => !real.meet(kinds).is_none() && (kinds.has(Kinds::FRACTION) || !real.has(Kinds::FRACTION)),
            };
            if !fits {
                let declared = type_name(bare, fit.typed);
                return fit.misfit(loc, Fault::Kind { declared, real: all.words() });
            }
            fit.inside(bare, encoding, loc, alternative)
        })
    }

    /// The kinds of JSON value that a type is written as; `None` where nothing can be said.
    fn kinds(&self, ty: &Type, encoding: &Encoding) -> Option<Kinds> {
        let kinds = match (ty, encoding) {
            (Type::Time, Encoding::EpochSeconds | Encoding::EpochMilliseconds) | (Type::Money(_), Encoding::MinorUnits) => {
                Kinds::INTEGER
            }
            (Type::Bool, _) => Kinds::BOOL,
            (Type::Int, _) => Kinds::INTEGER,
            // An integer is a decimal when it is read; what is sent may have a fraction.
            (Type::Decimal, _) if self.way == Way::Out => Kinds::NUMBER | Kinds::TEXT,
            (Type::Decimal, _) => Kinds::FRACTION | Kinds::TEXT,
            (Type::Money(_), _) if self.way == Way::Out => Kinds::NUMBER | Kinds::TEXT | Kinds::OBJECT,
            (Type::Money(_), _) => Kinds::FRACTION | Kinds::TEXT | Kinds::OBJECT,
            (
                Type::Text
                | Type::Time
                | Type::Date
                | Type::TimeOfDay
                | Type::Duration
                | Type::Weekday
                | Type::Zone
                | Type::Email
                | Type::Url
                | Type::Path
                | Type::Enum(_),
                _,
            ) => Kinds::TEXT,
            (Type::Record(_) | Type::Map(..), _) => Kinds::OBJECT,
            (Type::List(_) | Type::Set(_), _) => Kinds::LIST,
            (Type::Key(id), _) => {
                let record = self.typed.records.get(id.0 as usize)?;
                let [only] = record.key.as_slice() else { return None };
                let field = record.fields.get(*only as usize)?;
                // Records are declared one by one and hold no cycle of keys that is a key of itself: resolving refuses those.
                return self.kinds(&field.ty, &field.encoding);
            }
            (Type::Zoned | Type::Optional(_), _) => return None,
        };
        Some(kinds)
    }

    fn inside(&mut self, ty: &Type, encoding: &Encoding, loc: Option<Loc>, alternative: &Alternative<'_>) -> Vec<Misfit> {
        match ty {
            Type::Enum(id) => self.texts(*id, loc, alternative),
            Type::List(item) | Type::Set(item) => match alternative.items() {
                Some(items) => self.within("[]", |fit| fit.value(item, encoding, loc, items)),
                None => Vec::new(),
            },
            Type::Map(_, item) => match alternative.members().others {
                Some(Some(others)) => self.within("*", |fit| fit.value(item, encoding, loc, others)),
                _ => Vec::new(),
            },
            Type::Record(id) if !self.records.contains(&id.0) => {
                let typed = self.typed;
                let Some(record) = typed.records.get(id.0 as usize) else { return Vec::new() };
                let placed: Vec<(&[String], &Field)> = record.fields.iter().map(|field| (field.path.as_slice(), field)).collect();
                self.records.push(id.0);
                let misfits = self.members(&placed, alternative);
                self.records.pop();
                misfits
            }
            _ => Vec::new(),
        }
    }

    fn within(&mut self, step: &str, compare: impl FnOnce(&mut Self) -> Vec<Misfit>) -> Vec<Misfit> {
        self.path.push(step.to_owned());
        let misfits = compare(self);
        self.path.pop();
        misfits
    }

    fn texts(&self, id: EnumId, loc: Option<Loc>, alternative: &Alternative<'_>) -> Vec<Misfit> {
        let (Some(decl), Some(known)) = (self.typed.enums.get(id.0 as usize), alternative.texts()) else { return Vec::new() };
        let declared = |text: &str| decl.variants.iter().any(|variant| variant.texts.iter().any(|known| known == text));
        match self.way {
            Way::In => {
                // The first text of a variant is the one that is written; the others are only read.
                let unknown =
                    decl.variants.iter().filter(|variant| !variant.texts.iter().any(|text| known.contains(&text.as_str())));
                let texts: Vec<String> = unknown.filter_map(|variant| variant.texts.first().cloned()).collect();
                let known = known.into_iter().map(str::to_owned).collect();
                if texts.is_empty() { Vec::new() } else { self.misfit(loc, Fault::UnknownTexts { texts, known }) }
            }
            Way::Out => {
                let texts: Vec<String> = known.into_iter().filter(|text| !declared(text)).map(str::to_owned).collect();
                let declared = decl.name.clone();
                if texts.is_empty() { Vec::new() } else { self.misfit(loc, Fault::NewTexts { texts, declared }) }
            }
        }
    }

    /// Fields by their places, against the members of an object.
    fn members(&mut self, fields: &[(&[String], &Field)], alternative: &Alternative<'_>) -> Vec<Misfit> {
        let members = alternative.members();
        let mut placed: BTreeMap<&str, Vec<(&[String], &Field)>> = BTreeMap::new();
        for (path, field) in fields {
            if let Some((first, rest)) = path.split_first() {
                placed.entry(first).or_default().push((rest, field));
            }
        }
        let mut misfits = Vec::new();
        for (name, fields) in &placed {
            let loc = fields.first().map(|(_, field)| field.loc);
            let optional = fields.iter().all(|(_, field)| matches!(field.ty, Type::Optional(_)));
            self.path.push((*name).to_owned());
            match (members.get(name), &members.others) {
                (Some((schema, required)), _) => {
                    misfits.extend(self.member(fields, schema));
                    match self.way {
                        Way::In if required && optional => misfits.extend(self.misfit(loc, Fault::MayBeLeftOut)),
                        Way::Out if !required && !optional => misfits.extend(self.misfit(loc, Fault::MayBeMissing)),
                        _ => {}
                    }
                }
                (None, Some(Some(schema))) => misfits.extend(self.member(fields, *schema)),
                (None, Some(None)) => {}
                // What a result does not have is absent, which an optional field may be; and an object inside the arguments that forbids nothing may
                // be given more than it says.
                (None, None) if optional && (self.way == Way::Out || (self.path.len() > 1 && !members.closed)) => {}
                (None, None) => {
                    let known: Vec<String> = members.named.iter().map(|(name, ..)| (*name).to_owned()).collect();
                    let nearest = suggest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
                    misfits.extend(self.misfit(loc, Fault::NoMember { nearest, known }));
                }
            }
            self.path.pop();
        }
        if self.way == Way::In {
            for (name, _, required) in &members.named {
                if *required && !placed.contains_key(name) {
                    misfits.extend(self.within(name, |fit| fit.misfit(None, Fault::Undeclared)));
                }
            }
        }
        misfits
    }

    /// The fields at or below one member.
    fn member(&mut self, fields: &[(&[String], &Field)], schema: Schema<'_>) -> Vec<Misfit> {
        match fields {
            [([], field)] => self.value(&field.ty, &field.encoding, Some(field.loc), schema),
            deeper => {
                let alternatives = schema.alternatives();
                self.best(&alternatives, Kinds::OBJECT, |fit, alternative| fit.members(deeper, alternative))
            }
        }
    }
}
