//! Types that cannot be.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::text::type_name;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Type, Typed};

/// A type whose parts do not go together.
#[derive(Debug)]
pub(crate) struct TypeForm {
    /// What is wrong with it.
    pub(crate) fault: TypeFault,
    /// Where.
    pub(crate) loc: Loc,
}

/// What is wrong with a type.
#[derive(Debug)]
pub(crate) enum TypeFault {
    /// `Key<Line>` where the record has no key.
    KeyOfUnkeyed(String),
    /// `Key<Text>`
    KeyOfNoRecord,
    /// `Set<Line>`
    SetOf(Type),
    /// `Map<Decimal, …>`
    MapKey(Type),
    /// `T??`, or an optional inside a list, set or map.
    OptionalInside(&'static str),
    /// `Lst<T>`
    NoSuchGeneric(String),
    /// `Map<T>`
    Arguments(&'static str, &'static str),
    /// `List` without arguments.
    Bare(&'static str),
    /// A zone where no text is read.
    ZoneHere,
}

const GENERICS: [&str; 4] = ["Key", "List", "Map", "Set"];

impl Problem for TypeForm {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (message, help) = match &self.fault {
            TypeFault::KeyOfUnkeyed(record) => (
                format!("the record `{record}` has no key"),
                Some(format!("declare its key with `record {record} by FIELD`, or use `{record}` itself")),
            ),
            TypeFault::KeyOfNoRecord => {
                ("a key is of a record".to_owned(), Some("write the name of a record that has a key".to_owned()))
            }
            TypeFault::SetOf(ty) => {
                let name = type_name(ty, typed);
                (format!("a set cannot hold `{name}`"), Some(format!("write `List<{name}>`")))
            }
            TypeFault::MapKey(ty) => (
                format!("`{}` cannot be the key of a map", type_name(ty, typed)),
                Some("key it by `Text`, an enum, a `Date` or the key of a record".to_owned()),
            ),
            TypeFault::OptionalInside(place) => {
                (format!("{place} cannot hold an optional type"), Some("remove the `?` inside".to_owned()))
            }
            TypeFault::NoSuchGeneric(name) => (
                format!("there is no type `{name}` with arguments"),
                did_you_mean(name, GENERICS).or(Some("such types are `List`, `Set`, `Map` and `Key`".to_owned())),
            ),
            TypeFault::Arguments(name, form) => {
                (format!("`{name}` has other arguments"), Some(format!("write it as `{form}`")))
            }
            TypeFault::ZoneHere => (
                "a zone says how a time is written, and here none is read".to_owned(),
                Some("write `Time`".to_owned()),
            ),
            TypeFault::Bare(form) => ("a type lacks its arguments".to_owned(), Some(format!("write it as `{form}`"))),
        };
        Self::CODE.says(message).at(self.loc, "this type cannot be").help_if(help)
    }
}

/// `cents` on something that is not money, and the like.
#[derive(Debug)]
pub(crate) struct EncodingMismatch {
    /// `cents`
    pub(crate) encoding: &'static str,
    /// What it fits.
    pub(crate) fits: &'static str,
    /// The type it was given to.
    pub(crate) ty: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for EncodingMismatch {
    fn render(&self, typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` says how {} is written, and this is `{}`", self.encoding, self.fits, type_name(&self.ty, typed)))
            .at(self.loc, format!("fits {} only", self.fits))
            .help(format!("remove `{}`, or change the type", self.encoding))
    }
}

/// A record that holds itself, or whose key is made of itself.
#[derive(Debug)]
pub(crate) struct EndlessRecord {
    /// Whether it is the key.
    pub(crate) by_key: bool,
    /// The records of the circle, in order.
    pub(crate) records: Vec<String>,
    /// The field through which the first holds the next.
    pub(crate) loc: Loc,
}

impl Problem for EndlessRecord {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let first = self.records.first().map_or("", String::as_str);
        let others = self.records.get(1..).unwrap_or_default();
        let mut message = match self.by_key {
            true => format!("the key of `{first}` is made of itself"),
            false => format!("the record `{first}` holds itself"),
        };
        if !others.is_empty() {
            message = format!("{message} through {}", crate::diagnostic::text::listing(others, "and"));
        }
        let help = match self.by_key {
            true => "make one of the keys of a field of its own, such as `id: Text`",
            false => "hold the key of the record instead, `Key<R>`",
        };
        Self::CODE
            .says(message)
            .at(self.loc, "this field leads back to its own record")
            .note("every value must have a bounded depth")
            .help(help)
    }
}

/// A currency that ISO 4217 does not list.
#[derive(Debug)]
pub(crate) struct UnknownCurrency {
    /// As written.
    pub(crate) code: String,
    /// Where.
    pub(crate) loc: Loc,
    /// The currency that is probably meant.
    pub(crate) nearest: Option<String>,
}

impl Problem for UnknownCurrency {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let help = self.nearest.as_ref().map(|nearest| format!("did you mean `{nearest}`?"));
        Self::CODE
            .says(format!("`{}` is no currency", self.code))
            .at(self.loc, "not a currency code of ISO 4217")
            .help_if(help.or_else(|| Some("write a three-letter code such as `USD`".to_owned())))
    }
}

/// A time zone that the IANA database does not list.
#[derive(Debug)]
pub(crate) struct UnknownZone {
    /// As written.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
    /// The zone that is probably meant.
    pub(crate) nearest: Option<String>,
}

impl Problem for UnknownZone {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let help = self.nearest.as_ref().map(|nearest| format!("did you mean `{nearest}`?"));
        Self::CODE
            .says(format!("`{}` is no time zone", self.name))
            .at(self.loc, "not a name of the IANA time zone database")
            .help_if(help.or_else(|| Some("write a name such as `Europe/Berlin` or `UTC`".to_owned())))
    }
}
