//! Mistakes in the writing: the parser finds them and says what they are; each kind has its code.

use crate::diagnostic::{Coded, Diagnostic, Problem, Sink};
use crate::typed::{FileId, Loc, Typed};
use agentc_grammar::parse::{SyntaxError, SyntaxErrorKind};

/// One struct for each kind of mistake, so that each has its own code and page.
macro_rules! kinds {
    ($($kind:ident $problem:ident,)*) => {
        $(
            #[derive(Debug)]
            pub(crate) struct $problem(SyntaxError, FileId);

            impl Problem for $problem {
                fn render(&self, _typed: &Typed) -> Diagnostic {
                    let loc = Loc { file: self.1, span: self.0.span };
                    Self::CODE.says(self.0.message()).at(loc, self.0.label()).help_if(self.0.help())
                }
            }
        )*

        /// Reports a mistake that the parser found.
        pub(crate) fn report_syntax(error: SyntaxError, file: FileId, sink: &mut Sink) {
            match &error.kind {
                $(SyntaxErrorKind::$kind { .. } => sink.report($problem(error, file)),)*
            }
        }
    };
}

kinds! {
    Unexpected Unexpected,
    Misspelled MisspelledWord,
    MissingSeparator MissingSeparator,
    Foreign ForeignWord,
    Reserved ReservedWord,
    UnclosedBracket UnclosedBracket,
    StrayBracket StrayBracket,
    UnclosedText UnclosedText,
    ForeignQuotes ForeignQuotes,
    BadEscape BadEscape,
    BadLiteral BadLiteral,
    ForeignComment ForeignComment,
    StrangeCharacter StrangeCharacter,
    MixedAndOr MixedAndOr,
    ChainedComparison ChainedComparison,
    Misplaced MisplacedForm,
    Repeated RepeatedClause,
    Missing MissingClause,
    TooDeep TooDeep,
    TooLong TooLong,
}
