//! Arguments that a function, a verb or a record does not take.

use crate::diagnostic::text::{counted, listing};
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Typed};
use agentc_runtime::library::Constant;

/// Another number of arguments than the function has.
#[derive(Debug)]
pub(crate) struct ArgumentCount {
    /// The function.
    pub(crate) function: String,
    /// Its parameters.
    pub(crate) params: Vec<String>,
    /// How many arguments were written.
    pub(crate) found: usize,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for ArgumentCount {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let wanted = counted(self.params.len(), "argument");
        Self::CODE
            .says(format!("`{}` has {wanted}, and this call {}", self.function, counted(self.found, "argument")))
            .at(self.loc, "another number of arguments")
            .help(format!("write `{}({})`", self.function, self.params.join(", ")))
    }
}

/// An argument that must be a constant.
#[derive(Debug)]
pub(crate) struct NotConstant {
    /// The function.
    pub(crate) function: &'static str,
    /// The parameter.
    pub(crate) param: &'static str,
    /// What it must be.
    pub(crate) constant: Constant,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NotConstant {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (function, param) = (self.function, self.param);
        let (message, help) = match self.constant {
            Constant::OneOf(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                (format!("`{param}` of `{function}` is one of a few words"), format!("write {}", listing(&quoted, "or")))
            }
            Constant::Yes | Constant::No => {
                (format!("`{param}` of `{function}` must be a constant"), "write the value itself".to_owned())
            }
        };
        Self::CODE.says(message).at(self.loc, "must be written here").help(help)
    }
}

/// A member that is not given.
#[derive(Debug)]
pub(crate) struct MissingMember {
    /// Whose members: "the verb `shop.refund`".
    pub(crate) owner: String,
    /// Those that are missing.
    pub(crate) missing: Vec<String>,
    /// Where they should be.
    pub(crate) loc: Loc,
}

impl Problem for MissingMember {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let first = self.missing.first().map_or("", String::as_str);
        Self::CODE
            .says(format!("{} also needs {}", self.owner, listing(&self.missing, "and")))
            .at(self.loc, "not given here")
            .help(format!("add `{first}: …`"))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// A member that is not declared.
#[derive(Debug)]
pub(crate) struct UnknownMember {
    /// Whose members: "the verb `shop.refund`".
    pub(crate) owner: String,
    /// The name.
    pub(crate) name: String,
    /// The one that is probably meant.
    pub(crate) nearest: Option<String>,
    /// Those that there are.
    pub(crate) known: Vec<String>,
    /// Where.
    pub(crate) loc: Loc,
}

/// How many names a help lists at most: more are not read.
const MOST_LISTED: usize = 12;

impl Problem for UnknownMember {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("{} has no `{}`", self.owner, self.name))
            .at(self.loc, "no such name")
            .help_if(self.nearest.as_ref().map(|nearest| format!("did you mean `{nearest}`?")))
            .help_if((1..=MOST_LISTED).contains(&self.known.len()).then(|| format!("it has {}", listing(&self.known, "and"))))
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Name(&self.name)
    }
}
