//! What a library of functions and modules looks like to the compiler and the evaluator.
//!
//! The functions themselves live in `agentc-stdlib`; a host passes its library to the compiler and to the runtime alike, so
//! that an artifact names the functions it needs and is refused where one is missing.

use crate::value::{Fault, Value};

/// Functions and policy modules.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// The functions, sorted by name.
    pub functions: Vec<&'static Function>,
    /// Modules written in the language, `std.risk` and its text.
    pub modules: Vec<(&'static str, &'static str)>,
}

impl Library {
    /// The function of that full name, `text.lower`.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&'static Function> {
        self.functions.iter().find(|function| function.name == name).copied()
    }

    /// The text of that module, `std.risk`.
    #[must_use]
    pub fn module(&self, name: &str) -> Option<&'static str> {
        self.modules.iter().find(|(module, _)| *module == name).map(|(_, text)| *text)
    }
}

/// A function of the library. `x.part` is sugar for the function `part` of the type's module with `x` as its one argument:
/// `customer.email.domain` is `email.domain(customer.email)`.
#[derive(Debug)]
pub struct Function {
    /// Module and name, `text.lower`.
    pub name: &'static str,
    /// One sentence for the reference.
    pub summary: &'static str,
    /// What else the reference says: exact definitions, bounds, what is malformed. Empty where the sentence says it all.
    pub details: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// Its result.
    pub result: Shape,
    /// Calls and what they give, both as source text. They run as tests and become documentation.
    pub examples: &'static [Example],
    /// The code. Arguments fit the parameters' shapes and are never unknown; no argument is `none` unless its shape is optional.
    pub apply: fn(&[Value]) -> Result<Value, Fault>,
}

/// A parameter of a library function.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What fits.
    pub shape: Shape,
    /// It must be a constant, and where words are given, one of these texts.
    pub constant: Constant,
}

/// Whether an argument must be a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// Any expression.
    No,
    /// A constant.
    Yes,
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

/// The shape of a parameter or result: a type with variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `Bool`
    Bool,
    /// `Int`
    Int,
    /// `Decimal`; an `Int` is converted.
    Decimal,
    /// `Text`
    Text,
    /// Money of any currency; the same currency everywhere in one call.
    Money,
    /// `Time`
    Time,
    /// `Date`
    Date,
    /// `TimeOfDay`
    TimeOfDay,
    /// `Duration`
    Duration,
    /// `Weekday`
    Weekday,
    /// `Email`
    Email,
    /// `Url`
    Url,
    /// `Path`
    Path,
    /// Any type, the same everywhere in one call.
    Any,
    /// The same, where the function asks whether values are equal: no records and no maps, of which only what rules read is known.
    Comparable,
    /// A list of that.
    List(&'static Shape),
    /// A set of that.
    Set(&'static Shape),
    /// A map from text to that.
    Map(&'static Shape),
    /// That or `none`.
    Optional(&'static Shape),
}

/// A call of a function and what it gives, in the language itself.
#[derive(Debug)]
pub struct Example {
    /// `text.lower("AbC")`
    pub call: &'static str,
    /// `"abc"`
    pub gives: &'static str,
}
