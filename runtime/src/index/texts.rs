//! The texts that a policy writes down, by their content.

use crate::program::{ArgId, ConstId, Constant, ExprId, Op, Program};
use crate::slots::{Slots, of_text};
use crate::value::Value;

/// Which constant of the policy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interned {
    /// It was not looked up.
    Unknown,
    /// None.
    No,
    /// This one, the first of its content.
    Is(ConstId),
}

/// Texts by content.
#[derive(Debug)]
pub(crate) struct Texts {
    texts: Slots,
    /// A text that the policy does not write down.
    other: Value,
}

impl Default for Texts {
    fn default() -> Self {
        Self { texts: Slots::default(), other: Value::text("\0") }
    }
}

impl Texts {
    pub(crate) fn new(program: &Program) -> Self {
        let count = program.constants.iter().filter(|constant| matches!(constant, Constant::Text(_))).count();
        let mut texts = Self { texts: Slots::with_room(count), ..Self::default() };
        for (constant, at) in program.constants.iter().zip(0..) {
            if let Constant::Text(text) = constant
                && texts.find(program, text) == Interned::No
            {
                // There is room for every text, so the table never grows.
                texts.texts.add(of_text(text.as_bytes()), at, |_| 0);
            }
        }
        let mut other = "\0".to_owned();
        while texts.find(program, &other) != Interned::No {
            other.push('\0');
        }
        texts.other = Value::text(&other);
        texts
    }

    /// The first constant of the same text.
    pub(super) fn first(&self, program: &Program, constant: ConstId) -> Option<ConstId> {
        let Some(Constant::Text(text)) = program.constants.get(constant.index()) else { return None };
        match self.find(program, text) {
            Interned::Is(first) => Some(first),
            Interned::No | Interned::Unknown => None,
        }
    }

    /// Which constant a text is.
    pub(crate) fn find(&self, program: &Program, text: &str) -> Interned {
        self.find_hashed(program, text, of_text(text.as_bytes()))
    }

    /// Which constant a text of that hash is.
    #[inline]
    pub(crate) fn find_hashed(&self, program: &Program, text: &str, hash: u64) -> Interned {
        let fits = |at: u32| matches!(program.constants.get(at as usize), Some(Constant::Text(known)) if known == text);
        self.texts.find(hash, fits).map_or(Interned::No, |at| Interned::Is(ConstId(at)))
    }

    /// Which constant a value is, where it is a text.
    pub(crate) fn of_value(&self, program: &Program, value: &Value) -> Interned {
        match value {
            Value::Text(text) => self.find(program, text),
            _ => Interned::Unknown,
        }
    }

    /// A text that stands for every text that the policy does not write down, where it is only ever compared with those that it does.
    pub(crate) fn other(&self) -> &Value {
        &self.other
    }
}

/// The argument that an expression is.
pub(crate) fn argument(program: &Program, expr: ExprId) -> Option<ArgId> {
    match program.exprs.get(expr.index())?.op {
        Op::Arg(arg) => Some(arg),
        _ => None,
    }
}
