//! How a command ends when it could run.

/// What a command found; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is fine: exit code 0.
    Fine,
    /// The policy, a test or what was asked about is not: exit code 1.
    Found,
}

impl Outcome {
    /// Found where the condition holds.
    #[must_use]
    pub fn found_if(found: bool) -> Self {
        if found { Self::Found } else { Self::Fine }
    }

    /// Found where either is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::found_if(self == Self::Found || other == Self::Found)
    }
}
