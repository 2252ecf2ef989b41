//! What does not fit, and where.

use std::fmt::{self, Write};

/// The most misfits that are listed.
const LISTED: usize = 8;

/// A member that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where: `lines[2].quantity`; empty for the whole.
    place: String,
    /// What is wrong, as the sentence goes on after the place.
    why: String,
}

impl Misfit {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self { place: String::new(), why: why.into() }
    }

    /// Inside a member of that name.
    pub(crate) fn in_member(mut self, name: &str) -> Self {
        let joint = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        self.place = format!("{}{joint}{}", cut(name), self.place);
        self
    }

    /// Inside a member that stands so deep.
    pub(crate) fn in_path(self, path: &[String]) -> Self {
        path.iter().rev().fold(self, |misfit, name| misfit.in_member(name))
    }

    /// Inside an element of a list, from 0.
    pub(crate) fn in_element(mut self, index: usize) -> Self {
        let joint = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        self.place = format!("[{index}]{joint}{}", self.place);
        self
    }

    /// Where it is: `lines[2].quantity`; empty for the whole.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong, as a sentence goes on after the name of the whole.
    #[must_use]
    pub fn clause(&self) -> String {
        if self.place.is_empty() { self.why.clone() } else { format!("holds `{}`, which {}", self.place, self.why) }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { write!(f, "the value {}", self.why) } else { write!(f, "`{}` {}", self.place, self.why) }
    }
}

/// What does not fit: at least one member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Misfits(Vec<Misfit>);

impl Misfits {
    /// `Ok` where nothing was found.
    pub(crate) fn found(misfits: Vec<Misfit>) -> Result<(), Self> {
        if misfits.is_empty() { Ok(()) } else { Err(Self(misfits)) }
    }

    /// What does not fit, in the order of the declaration, unknown members last.
    pub fn iter(&self) -> std::slice::Iter<'_, Misfit> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Misfits {
    type Item = &'a Misfit;
    type IntoIter = std::slice::Iter<'a, Misfit>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Misfit> for Misfits {
    fn from(misfit: Misfit) -> Self {
        Self(vec![misfit])
    }
}

impl fmt::Display for Misfits {
    /// One sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, misfit) in self.iter().take(LISTED).enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{misfit}")?;
        }
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// A text as it is quoted: at most 60 characters, on one line.
pub(crate) fn cut(text: &str) -> String {
    let mut out = String::new();
    for (i, char) in text.chars().enumerate() {
        if i >= 60 {
            out.push('…');
            break;
        }
        if char.is_control() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}", char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}
