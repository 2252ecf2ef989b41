//! Values whose types do not go together.

use crate::diagnostic::text::{operand, snippet, type_name};
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{Loc, Type, Typed};
use agentc_grammar::ast::BinaryOp;
use agentc_runtime::library::Shape;
use agentc_runtime::types::Currency;

/// An operator as its author writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator(pub(crate) BinaryOp);

impl Operator {
    /// `==`
    pub(super) fn symbol(self) -> &'static str {
        match self.0 {
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => ">=",
            BinaryOp::In => "in",
            BinaryOp::NotIn => "not in",
            BinaryOp::Matches => "matches",
            BinaryOp::Under => "under",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Coalesce => "??",
        }
    }
}

/// A value of another type than the one that is needed.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// What is needed.
    pub(crate) expected: Type,
    /// What is there.
    pub(crate) found: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for Mismatch {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (expected, found) = (type_name(&self.expected, typed), type_name(&self.found, typed));
        Self::CODE
            .says(format!("a value of type `{expected}` is needed, and this is `{found}`"))
            .at(self.loc, format!("of type `{found}`"))
            .help_if(help(&self.expected, &self.found, self.loc, typed))
    }
}

/// What to write instead of a value of the wrong type, where that can be said.
fn help(expected: &Type, found: &Type, loc: Loc, typed: &Typed) -> Option<String> {
    let (text, whole) = (snippet(loc, typed), operand(loc, typed));
    match (expected, found) {
        (Type::Money(currency), Type::Int | Type::Decimal) => {
            let number = text.parse::<f64>().is_ok();
            Some(if number { format!("write `{text} {currency}`") } else { format!("multiply it by `1 {currency}`") })
        }
        (Type::Int | Type::Decimal, Type::Text) | (Type::Date | Type::Time | Type::TimeOfDay | Type::Duration, Type::Text)
            if text.starts_with('"') =>
        {
            Some("write it without quotes".to_owned())
        }
        (Type::Text, Type::Int | Type::Decimal) if text.starts_with(|first: char| first.is_ascii_digit()) => {
            Some(format!("write it in quotes, `\"{text}\"`"))
        }
        (Type::Bool, Type::Text | Type::Int | Type::Enum(_)) => Some(format!("compare it with something, `{whole} == …`")),
        (Type::Duration, Type::Int) => Some("write a duration such as `30d` or `15m`".to_owned()),
        (Type::Date, Type::Time) => Some(format!("take its day in a zone, `({whole} in zone \"UTC\").date`")),
        (Type::TimeOfDay, Type::Time) => Some(format!("take its time of day in a zone, `({whole} in zone \"UTC\").time`")),
        (Type::TimeOfDay, Type::Int) => Some(match text.parse::<u8>() {
            Ok(hour) if hour < 24 => format!("write a time of day, `{hour:02}:00`"),
            _ => "write a time of day such as `08:00`".to_owned(),
        }),
        (Type::Int, Type::Decimal) => Some("round it with `decimal.round` and take `decimal.to_int`".to_owned()),
        (Type::Zone, Type::Text) => Some("declare it with the type `Zone`, or write the zone in quotes".to_owned()),
        (Type::Text, Type::Email | Type::Url | Type::Path) => {
            let module = crate::check::module_of(found)?;
            Some(format!("take its text with `{module}.to_text({text})`, or one of its parts"))
        }
        (Type::Record(record), Type::Key(key)) if record == key => {
            Some(format!("write `{}[{text}]`", type_name(expected, typed)))
        }
        _ => None,
    }
}

/// A value that may be absent where one is needed.
#[derive(Debug)]
pub(crate) struct OptionalUsed {
    /// Its type.
    pub(crate) found: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for OptionalUsed {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (text, whole) = (snippet(self.loc, typed), operand(self.loc, typed));
        Self::CODE
            .says(format!("`{text}` may be absent, and a value is needed"))
            .at(self.loc, format!("of type `{}`", type_name(&self.found, typed)))
            .help(format!("settle it with `{whole} ?? …`, ask `{whole} is absent`, or use `match`"))
    }
}

/// Two values that cannot be compared.
#[derive(Debug)]
pub(crate) struct Incomparable {
    /// The comparison.
    pub(crate) op: Operator,
    /// Left type and place.
    pub(crate) left: (Type, Loc),
    /// Right type and place.
    pub(crate) right: (Type, Loc),
}

impl Problem for Incomparable {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (left, right) = (type_name(&self.left.0, typed), type_name(&self.right.0, typed));
        let help = help(&self.left.0, &self.right.0, self.right.1, typed)
            .or_else(|| help(&self.right.0, &self.left.0, self.left.1, typed))
            .or_else(|| self.key_help(typed))
            .or_else(|| {
                let written_in = self.op.0 == BinaryOp::In && self.right.0 == Type::Text;
                written_in.then(|| "to look inside a text, use `text.contains`".to_owned())
            });
        Self::CODE
            .says(format!("`{}` compares two values of one type, not `{left}` with `{right}`", self.op.symbol()))
            .at(self.right.1, format!("of type `{right}`"))
            .at(self.left.1, format!("of type `{left}`"))
            .help_if(help)
    }
}

impl Incomparable {
    /// A key beside a value that could be declared as the same key.
    fn key_help(&self, typed: &Typed) -> Option<String> {
        let (key, other) = match (&self.left.0, &self.right.0) {
            (key @ Type::Key(_), Type::Key(_)) => return Some(format!("`{}` names another record", type_name(key, typed))),
            (key @ Type::Key(_), _) => (key, self.right.1),
            (_, key @ Type::Key(_)) => (key, self.left.1),
            _ => return None,
        };
        Some(format!("declare `{}` with the type `{}`", snippet(other, typed), type_name(key, typed)))
    }
}

/// Amounts of two currencies.
#[derive(Debug)]
pub(crate) struct MixedCurrencies {
    /// The currency that is needed, or stands on the left.
    pub(crate) left: Currency,
    /// The other one.
    pub(crate) right: Currency,
    /// Where the other one is.
    pub(crate) loc: Loc,
    /// Where the first one is, if it is an operand.
    pub(crate) other: Option<Loc>,
}

impl Problem for MixedCurrencies {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let said = Self::CODE
            .says(format!("amounts in `{}` and `{}` are mixed", self.left, self.right))
            .at(self.loc, format!("in `{}`", self.right));
        let said = match self.other {
            Some(other) => said.at(other, format!("in `{}`", self.left)),
            None => said,
        };
        said.note("a policy knows no rates of exchange").help(format!("write both amounts in `{}`", self.left))
    }
}

/// Values that the operator cannot order, or cannot call equal.
#[derive(Debug)]
pub(crate) struct Unordered {
    /// The operator.
    pub(crate) op: Operator,
    /// The type.
    pub(crate) ty: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for Unordered {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let help = match &self.ty {
            Type::Record(_) => Some("compare their keys or single fields"),
            Type::Map(..) => Some("compare single entries"),
            Type::Enum(_) => Some("write the variants that are meant, `x in [a, b]`"),
            Type::Zoned => Some("compare its `.date`, `.time` or `.weekday`"),
            _ => None,
        };
        Self::CODE
            .says(format!("`{}` does not work on values of type `{}`", self.op.symbol(), type_name(&self.ty, typed)))
            .at(self.loc, "compared here")
            .help_if(help.map(str::to_owned))
    }
}

/// Branches with values of two types.
#[derive(Debug)]
pub(crate) struct BranchTypes {
    /// The first type and where.
    pub(crate) first: (Type, Loc),
    /// The other.
    pub(crate) other: (Type, Loc),
}

impl Problem for BranchTypes {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let (first, other) = (type_name(&self.first.0, typed), type_name(&self.other.0, typed));
        Self::CODE
            .says(format!("the values that stand beside each other are of two types, `{first}` and `{other}`"))
            .at(self.other.1, format!("of type `{other}`"))
            .at(self.first.1, format!("of type `{first}`"))
            .help("give all of them one type")
    }
}

/// A literal that does not say its type.
#[derive(Debug)]
pub(crate) struct TypeUnclear {
    /// What it is.
    pub(crate) what: Unclear,
    /// Where.
    pub(crate) loc: Loc,
}

/// What does not say its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// `none`
    None,
    /// `[]`
    List,
    /// `{ … }`
    Record,
    /// The result of a function.
    Result,
}

impl Problem for TypeUnclear {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let text = snippet(self.loc, typed);
        let help = match self.what {
            Unclear::None => "ask `x is absent` instead of comparing with `none`",
            Unclear::List => "put it beside something whose type is known, or use `list.is_empty`",
            Unclear::Record => "write it where a record or a map is wanted",
            Unclear::Result => "give the function an argument whose type is known",
        };
        Self::CODE
            .says(format!("the type of `{text}` cannot be known here"))
            .at(self.loc, "nothing around it says its type")
            .help(help)
    }
}

/// `{ … }` where something else is wanted.
#[derive(Debug)]
pub(crate) struct NotARecord {
    /// What is wanted.
    pub(crate) expected: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for NotARecord {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let expected = type_name(&self.expected, typed);
        Self::CODE
            .says(format!("a value of type `{expected}` is needed, and this is a record or a map"))
            .at(self.loc, "written in braces")
            .help(format!("write a `{expected}`"))
    }
}

/// An argument that does not have the shape that a library function wants.
#[derive(Debug)]
pub(crate) struct ArgumentShape {
    /// The function.
    pub(crate) function: &'static str,
    /// The parameter.
    pub(crate) param: &'static str,
    /// What it wants.
    pub(crate) shape: Shape,
    /// What it was given.
    pub(crate) found: Type,
    /// Where.
    pub(crate) loc: Loc,
}

impl Problem for ArgumentShape {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let found = type_name(&self.found, typed);
        Self::CODE
            .says(format!("`{}` wants {} as its `{}`, and this is `{found}`", self.function, shape_words(self.shape), self.param))
            .at(self.loc, format!("of type `{found}`"))
    }
}

/// A shape in words.
fn shape_words(shape: Shape) -> String {
    match shape {
        Shape::Money => "an amount of money".to_owned(),
        Shape::Any => "a value".to_owned(),
        Shape::Comparable => "a value that can be compared".to_owned(),
        Shape::List(Shape::Comparable) => "a list of values that can be compared".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::Set(_) => "a set".to_owned(),
        Shape::Map(_) => "a map with texts as keys".to_owned(),
        Shape::Optional(inner) => shape_words(*inner),
        plain => format!("a value of type `{plain:?}`"),
    }
}
