//! What verbs say of themselves, and risk classes.

use crate::diagnostic::text::{listing, verb_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed, VerbId};

/// A clause that only writes have, on a read.
#[derive(Debug)]
pub(crate) struct WriteClauseOnRead {
    /// The verb.
    pub(crate) verb: String,
    /// `undo`, `changes`.
    pub(crate) clause: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for WriteClauseOnRead {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` is a read and cannot have `{}`", self.verb, self.clause))
            .at(self.loc, "only a write can say this")
            .help("declare it with `write`, or remove the clause")
    }
}

/// A clause that a declaration may have once.
#[derive(Debug)]
pub(crate) struct SaidTwice {
    /// `purpose`, `undo`.
    pub(crate) what: &'static str,
    /// The second.
    pub(crate) loc: Loc,
    /// The first.
    pub(crate) first: Loc,
}

impl Problem for SaidTwice {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` is said twice", self.what))
            .at(self.loc, "said again here")
            .at(self.first, "first said here")
            .help("keep one of them")
    }
}

/// Two answers to how a write is reversed.
#[derive(Debug)]
pub(crate) struct ReversalConflict {
    /// The verb.
    pub(crate) verb: String,
    /// The two clauses.
    pub(crate) clauses: (&'static str, &'static str),
    /// Where the second stands.
    pub(crate) loc: Loc,
    /// Where the first stands.
    pub(crate) first: Loc,
}

impl Problem for ReversalConflict {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let (first, second) = self.clauses;
        Self::CODE
            .says(format!("`{}` says both `{first}` and `{second}`", self.verb))
            .at(self.loc, format!("`{second}` here"))
            .at(self.first, format!("`{first}` here"))
            .note("a write can be reversed or it cannot")
            .help("keep the one that is true")
    }
}

/// A verb that cannot reverse, or be reversed.
#[derive(Debug)]
pub(crate) struct NoReversal {
    /// The verb that is named.
    pub(crate) verb: VerbId,
    /// What is wrong with it.
    pub(crate) fault: ReversalFault,
    /// Where it is named.
    pub(crate) loc: Loc,
}

/// Why a verb cannot reverse, or be reversed.
#[derive(Debug)]
pub(crate) enum ReversalFault {
    /// It is a read, named by `undo` or `compensates`.
    Read(&'static str),
    /// `compensates` names the verb itself.
    Itself,
}

impl Problem for NoReversal {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let verb = verb_name(self.verb, typed);
        let decl = typed.verbs.get(self.verb.index()).map(|verb| verb.loc);
        let (message, label, help) = match &self.fault {
            ReversalFault::Read("compensates") => (
                format!("`{verb}` is a read, and there is nothing to compensate"),
                "a read changes nothing".to_owned(),
                "name the write that this one reverses".to_owned(),
            ),
            ReversalFault::Read(_) => (
                format!("`{verb}` is a read and cannot undo anything"),
                "a read changes nothing".to_owned(),
                "name a write that reverses the effect, or write `irreversible`".to_owned(),
            ),
            ReversalFault::Itself => (
                format!("`{verb}` cannot compensate itself"),
                "the verb itself".to_owned(),
                "name the write that this one reverses".to_owned(),
            ),
        };
        let diagnostic = Self::CODE.says(message).at(self.loc, label);
        match decl {
            Some(loc) if loc != self.loc => diagnostic.at(loc, "the verb"),
            _ => diagnostic,
        }
        .help(help)
    }
}

/// A word that is not one of those that may stand there.
#[derive(Debug)]
pub(crate) struct UnknownWord {
    /// What the words are: `a bound of a risk class`.
    pub(crate) what: &'static str,
    /// As written.
    pub(crate) word: String,
    /// Those that may stand there.
    pub(crate) words: &'static [&'static str],
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for UnknownWord {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let nearest = crate::diagnostic::suggest::did_you_mean(&self.word, self.words.iter().copied());
        Self::CODE
            .says(format!("`{}` is not {}", self.word, self.what))
            .at(self.loc, "not a word that can stand here")
            .help(nearest.unwrap_or_else(|| format!("write {}", listing(self.words, "or"))))
    }
}

/// A length of time or a number that must be more than nothing.
#[derive(Debug)]
pub(crate) struct NotPositive {
    /// What it says: `within`, `fresh for`.
    pub(crate) what: &'static str,
    /// The least that makes sense, in words: `1s`, `1`.
    pub(crate) least: &'static str,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NotPositive {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("`{}` must be more than nothing", self.what))
            .at(self.loc, "never reached")
            .help(format!("write at least `{}`", self.least))
    }
}
