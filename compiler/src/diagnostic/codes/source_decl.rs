//! Sources, their records and how they are fetched.

use crate::diagnostic::text::{listing, type_name, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Type, Typed, VerbId};

/// One record in two sources.
#[derive(Debug)]
pub(crate) struct TwoSources {
    /// The record.
    pub(crate) record: String,
    /// The second source's declaration.
    pub(crate) loc: Loc,
    /// The first source's.
    pub(crate) first: Loc,
}

impl Problem for TwoSources {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the record `{}` is in two sources", self.record))
            .at(self.loc, "and here")
            .at(self.first, "it belongs to this source")
            .note("a record has one source of truth; two could disagree and neither would be wrong")
            .help(format!("give the second one its own name, such as `{}Copy`, and compare them in a rule", self.record))
    }
}

/// A key field whose type cannot tell records apart.
#[derive(Debug)]
pub(crate) struct BadKeyType {
    /// The record.
    pub(crate) record: String,
    /// The field.
    pub(crate) field: String,
    /// Its type.
    pub(crate) ty: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for BadKeyType {
    fn render(&self, typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` cannot be the key of `{}`: it is `{}`", self.field, self.record, type_name(&self.ty, typed)))
            .at(self.loc, "not a type that a key can have")
            .help("a key is `Text`, `Int`, `Date`, `Email`, `Url`, `Path`, an enum or the key of another record")
    }
}

/// A `fetch` or `fresh` line about a record that cannot have one.
#[derive(Debug)]
pub(crate) struct NotFetchable {
    /// The record.
    pub(crate) record: String,
    /// Why.
    pub(crate) why: NotFetchableWhy,
    /// Where.
    pub(crate) loc: Loc,
}

/// Why a record cannot be fetched there.
#[derive(Debug)]
pub(crate) enum NotFetchableWhy {
    /// It has no key.
    NoKey,
    /// It is declared elsewhere.
    NotOfThisSource(Loc),
    /// A second line says the same.
    Twice(&'static str, Loc),
    /// `fresh` of a record that nothing fetches.
    NoFetch,
}

impl Problem for NotFetchable {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let record = &self.record;
        match &self.why {
            NotFetchableWhy::NoKey => Self::CODE
                .says(format!("the record `{record}` has no key to fetch it by"))
                .at(self.loc, "a shape without a key")
                .help(format!("declare its key with `record {record} by FIELD`")),
            NotFetchableWhy::NotOfThisSource(home) => Self::CODE
                .says(format!("the record `{record}` is not of this source"))
                .at(self.loc, "not declared in this source")
                .at(*home, "declared here")
                .help("say it in the source that declares the record"),
            NotFetchableWhy::Twice(what, first) => Self::CODE
                .says(format!("`{what}` is said twice of the record `{record}`"))
                .at(self.loc, "said again here")
                .at(*first, "first said here")
                .help("keep one of them; further verbs go after `also from`"),
            NotFetchableWhy::NoFetch => Self::CODE
                .says(format!("nothing fetches the record `{record}`, so it cannot be fresh"))
                .at(self.loc, "no `fetch` for this record")
                .help(format!("add `fetch {record} with VERB(PARAMETER: KEY)` or `fetch {record} by host`")),
        }
    }

    fn rests_on(&self) -> RestsOn<'_> {
        match self.why {
            NotFetchableWhy::NoFetch => RestsOn::Everything,
            _ => RestsOn::Itself,
        }
    }
}

/// A verb that cannot fetch the record.
#[derive(Debug)]
pub(crate) struct FetchVerb {
    /// The record.
    pub(crate) record: String,
    /// The verb.
    pub(crate) verb: VerbId,
    /// Why not.
    pub(crate) fault: FetchFault,
    /// Where.
    pub(crate) loc: Loc,
}

/// Why a verb cannot fetch a record.
#[derive(Debug)]
pub(crate) enum FetchFault {
    /// It is a write.
    Write,
    /// It answers something else.
    Result(Option<Type>),
    /// A parameter is not passed.
    Missing(Vec<String>),
    /// There is no such parameter.
    NoParameter(String),
    /// A key field is not passed at all.
    KeyUnused(Vec<String>),
    /// Something that is not part of the key is passed.
    NotKey(String),
    /// The types differ.
    Mismatch {
        /// The parameter.
        param: String,
        /// Its type.
        wants: Type,
        /// The key field's type.
        found: Type,
    },
    /// A parameter is passed twice.
    Twice(String),
}

impl Problem for FetchVerb {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let record = &self.record;
        let decl = typed.verbs.get(self.verb.index()).map(|verb| verb.loc);
        let (message, label, help) = match &self.fault {
            FetchFault::Write => (
                format!("`{verb}` is a write and cannot fetch `{record}`"),
                "fetching must change nothing".to_owned(),
                format!("name a `read` verb that answers `{record}`"),
            ),
            FetchFault::Result(found) => {
                let found = found.as_ref().map_or("nothing that is declared".into(), |ty| format!("`{}`", type_name(ty, typed)));
                (
                    format!("`{verb}` does not answer `{record}`"),
                    format!("it answers {found}"),
                    format!("declare its result as `-> {record}`, or name another verb"),
                )
            }
            FetchFault::Missing(params) => (
                format!("the fetch of `{record}` does not pass {}", listing(params, "and")),
                "parameters are missing".to_owned(),
                format!("pass a field of the key for {}", listing(params, "and")),
            ),
            FetchFault::NoParameter(param) => (
                format!("`{verb}` has no parameter `{param}`"),
                "no such parameter".to_owned(),
                "write `PARAMETER: KEY` with a parameter of the verb".to_owned(),
            ),
            FetchFault::KeyUnused(fields) => (
                format!("the fetch of `{record}` does not use {} of its key", listing(fields, "and")),
                "it would fetch another record".to_owned(),
                "pass every field of the key".to_owned(),
            ),
            FetchFault::NotKey(field) => (
                format!("`{field}` is not part of the key of `{record}`"),
                "not a field of the key".to_owned(),
                "only fields of the key are known before the record is fetched".to_owned(),
            ),
            FetchFault::Mismatch { param, wants, found } => (
                format!("`{param}` is `{}`, and the key is `{}`", type_name(wants, typed), type_name(found, typed)),
                "the types differ".to_owned(),
                "give the parameter and the field of the key one type".to_owned(),
            ),
            FetchFault::Twice(param) => (
                format!("`{param}` is passed twice"),
                "passed again here".to_owned(),
                "remove one of them".to_owned(),
            ),
        };
        let diagnostic = Self::CODE.says(message).at(self.loc, label);
        match decl {
            Some(loc) => diagnostic.at(loc, "the verb"),
            None => diagnostic,
        }
        .help(help)
    }
}
