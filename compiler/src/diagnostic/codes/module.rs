//! Files and how they use each other.

use crate::diagnostic::text::listing;
use crate::diagnostic::{Coded, Diagnostic, Problem, RestsOn};
use crate::typed::{Loc, Typed};

/// A `use` of a module that is not there.
#[derive(Debug)]
pub(crate) struct UnknownModule {
    /// Its dotted name.
    pub(crate) name: String,
    /// Where.
    pub(crate) loc: Loc,
    /// The module that is probably meant.
    pub(crate) nearest: Option<String>,
    /// What is wrong with it, where it is there and cannot be read.
    pub(crate) unreadable: Option<String>,
    /// The modules that come with the language.
    pub(crate) standard: Vec<String>,
}

impl Problem for UnknownModule {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let file = self.name.replace('.', "/");
        if let Some(why) = &self.unreadable {
            return Self::CODE
                .says(format!("the module `{}` cannot be read: {why}", self.name))
                .at(self.loc, "used here")
                .help(format!("mend the file `{file}.agentpolicy`, or remove this `use`"));
        }
        let help = match &self.nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None if self.name.starts_with("std.") => format!("the language has {}", listing(&self.standard, "and")),
            None => format!("put a file `{file}.agentpolicy` beside this one"),
        };
        Self::CODE.says(format!("there is no module `{}`", self.name)).at(self.loc, "not found").help(help)
    }
}

/// Modules that use each other in a circle.
#[derive(Debug)]
pub(crate) struct ModuleCycle {
    /// Each `use` of the circle: the file that says it, the module it names, where.
    pub(crate) uses: Vec<(String, String, Loc)>,
}

impl Problem for ModuleCycle {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let names: Vec<&str> = self.uses.iter().map(|(_, module, _)| module.as_str()).collect();
        let message = format!("modules use each other in a circle: {}", listing(&names, "and"));
        let mut diagnostic = Self::CODE.says(message);
        for (file, module, loc) in &self.uses {
            diagnostic = diagnostic.at(*loc, format!("`{file}` uses `{module}`"));
        }
        diagnostic.help("move what both need into a module of its own")
    }
}

/// A root file without a `policy` block.
#[derive(Debug)]
pub(crate) struct NoPolicy {
    /// The start of the file.
    pub(crate) loc: Loc,
}

impl Problem for NoPolicy {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says("the file does not say which policy it is")
            .at(self.loc, "no `policy` block in this file")
            .help("begin it with `policy acme.refunds { version \"1.0.0\" }`")
    }

    fn rests_on(&self) -> RestsOn<'_> {
        RestsOn::Everything
    }
}

/// A `policy` block where none may stand.
#[derive(Debug)]
pub(crate) struct SecondPolicy {
    /// Where.
    pub(crate) loc: Loc,
    /// The policy's own block, if there is one.
    pub(crate) first: Option<Loc>,
}

impl Problem for SecondPolicy {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let diagnostic =
            Self::CODE.says("a policy has one `policy` block, in its first file").at(self.loc, "a second `policy` block");
        let diagnostic = match self.first {
            Some(first) => diagnostic.at(first, "the policy's own block"),
            None => diagnostic,
        };
        diagnostic.help("remove this block; a module needs none")
    }
}
