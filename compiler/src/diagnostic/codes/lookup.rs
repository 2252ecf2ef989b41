//! Lookups that cannot be made.

use crate::diagnostic::text::{counted, listing, snippet, type_name};
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, RecordId, Type, Typed};

/// A record that nothing fetches.
#[derive(Debug)]
pub(crate) struct NotFetched {
    /// The record.
    pub(crate) record: RecordId,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NotFetched {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let name = type_name(&Type::Record(self.record), typed);
        let said = Self::CODE
            .says(format!("`{name}` is looked up by its key, and nothing says how it is fetched"))
            .at(self.loc, "looked up here");
        let said = match typed.records.get(self.record.0 as usize) {
            Some(decl) => said.at(decl.loc, "declared here"),
            None => said,
        };
        said.note("a rule that reads it could never be decided")
            .help(format!("write `fetch {name} with tool.verb(parameter: key)` or `fetch {name} by host` in its source"))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// A key with another number of parts than the record has.
#[derive(Debug)]
pub(crate) struct KeyParts {
    /// The record; `None` for a map.
    pub(crate) record: Option<RecordId>,
    /// The fields of its key.
    pub(crate) wanted: Vec<String>,
    /// How many parts were written.
    pub(crate) found: usize,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for KeyParts {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let found = counted(self.found, "part");
        let Some(record) = self.record else {
            return Self::CODE
                .says(format!("an entry of a map has a key of one part, and this has {found}"))
                .at(self.loc, "looked up here")
                .help("write one key");
        };
        let name = type_name(&Type::Record(record), typed);
        if self.wanted.is_empty() {
            return Self::CODE
                .says(format!("`{name}` has no key, and cannot be looked up"))
                .at(self.loc, "looked up here")
                .help(format!("declare its key with `record {name} by FIELD`"));
        }
        Self::CODE
            .says(format!("the key of `{name}` is {}, and this has {found}", listing(&self.wanted, "and")))
            .at(self.loc, "another number of parts")
            .help(format!("write `{name}[{}]`", self.wanted.join(", ")))
    }
}

/// Something that has no entries by key.
#[derive(Debug)]
pub(crate) struct NotIndexed {
    /// Its type.
    pub(crate) found: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NotIndexed {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let help = match &self.found {
            Type::List(_) => Some("write `list.first(…)`, or `first x in … where …`".to_owned()),
            Type::Key(_) => Some("read its fields, `key.field`".to_owned()),
            _ => None,
        };
        Self::CODE
            .says(format!("a value of type `{}` has no entries to look up", type_name(&self.found, typed)))
            .at(self.loc, format!("`{}` looks one up", snippet(self.loc, typed)))
            .help_if(help)
    }
}
