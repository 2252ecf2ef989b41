//! Claims and values written by outsiders where they give authority.

use crate::diagnostic::text::snippet;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Typed};

/// The value that cannot be relied on.
#[derive(Debug)]
pub(crate) struct Culprit {
    /// Where it is written.
    pub(crate) loc: Loc,
    /// The operand that rests on it, where that is more.
    pub(crate) used_at: Option<Loc>,
    /// Where the same thing can be read from a record.
    pub(crate) verifier: Option<Verifier>,
}

/// A field of a record that could verify a claim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verifier {
    /// The record.
    pub(crate) record: String,
    /// The field.
    pub(crate) field: String,
}

impl Culprit {
    fn place(&self, diagnostic: Diagnostic, label: &str) -> Diagnostic {
        let diagnostic = diagnostic.at(self.loc, label);
        match self.used_at {
            Some(used_at) => diagnostic.at(used_at, "this rests on it"),
            None => diagnostic,
        }
    }

    fn help(&self, otherwise: String) -> String {
        match &self.verifier {
            Some(Verifier { record, field }) => format!("read `{field}` from the record instead, `{record}[…].{field}`"),
            None => otherwise,
        }
    }
}

/// Why a condition may not rest on it.
fn why(restriction: bool) -> &'static str {
    if restriction {
        "without this condition the rule would restrict more, so whoever makes the claim could lift the restriction"
    } else {
        "without this condition less would be allowed, so whoever makes the claim could give authority"
    }
}

/// A claim that widens authority.
#[derive(Debug)]
pub(crate) struct ClaimWidens {
    /// The claim.
    pub(crate) culprit: Culprit,
    /// In a restriction, not in an `allow`.
    pub(crate) restriction: bool,
}

impl Problem for ClaimWidens {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.culprit.loc, typed);
        let message = if self.restriction {
            format!("the claim `{text}` could lift this restriction")
        } else {
            format!("the claim `{text}` could widen what is allowed")
        };
        let otherwise = format!("use it only to tighten, or write `trusting claim {text}` to rely on it in the open");
        self.culprit.place(Self::CODE.says(message), "a claim of the model").note(why(self.restriction)).help(self.culprit.help(otherwise))
    }
}

/// A value written by outsiders that widens authority.
#[derive(Debug)]
pub(crate) struct UntrustedWidens {
    /// The value.
    pub(crate) culprit: Culprit,
    /// In a restriction, not in an `allow`.
    pub(crate) restriction: bool,
}

impl Problem for UntrustedWidens {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.culprit.loc, typed);
        let message = if self.restriction {
            format!("`{text}`, which outsiders write, could lift this restriction")
        } else {
            format!("`{text}`, which outsiders write, could widen what is allowed")
        };
        let otherwise = "use it only to tighten, or decide by a record that outsiders do not write".to_owned();
        self.culprit.place(Self::CODE.says(message), "written by outsiders").note(why(self.restriction)).help(self.culprit.help(otherwise))
    }
}

/// A claim where none may stand at all.
#[derive(Debug)]
pub(crate) struct ClaimNotFirm {
    /// The claim.
    pub(crate) culprit: Culprit,
    /// Outsiders write it.
    pub(crate) untrusted: bool,
    /// Where it stands: "the key of a limit".
    pub(crate) place: &'static str,
}

impl Problem for ClaimNotFirm {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.culprit.loc, typed);
        let (what, label) =
            if self.untrusted { ("which outsiders write", "written by outsiders") } else { ("a claim", "a claim of the model") };
        let otherwise = if self.untrusted {
            "use a value that outsiders do not write".to_owned()
        } else {
            format!("use a value of the call or a record, or write `trusting claim {text}` to rely on it in the open")
        };
        self.culprit
            .place(Self::CODE.says(format!("{} cannot rest on `{text}`, {what}", self.place)), label)
            .note("whoever chooses the value could choose it so that the rule never holds")
            .help(self.culprit.help(otherwise))
    }
}

/// `trusting claim x` where `x` is no claim.
#[derive(Debug)]
pub(crate) struct NothingToTrust {
    /// The whole.
    pub(crate) loc: Loc,
}

impl Problem for NothingToTrust {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE.says("`trusting claim` has no claim to trust").at(self.loc, "no claim is in it").help("remove `trusting claim`")
    }
}

/// `trusting claim x` where `x` is written by outsiders.
#[derive(Debug)]
pub(crate) struct TrustingUntrusted {
    /// The whole.
    pub(crate) loc: Loc,
}

impl Problem for TrustingUntrusted {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says("`trusting claim` speaks of claims, and this is written by outsiders")
            .at(self.loc, "written by outsiders")
            .note("what outsiders write can be used to tighten only")
            .help("decide by a record that outsiders do not write")
    }
}
