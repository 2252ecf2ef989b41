//! From what the grammar found to the syntax tree: the parts that every declaration is made of.

mod expr;
mod item;
mod rule;
mod test;

use std::cell::{Cell, RefCell};
use std::iter::Peekable;

use pest::iterators::{Pair, Pairs};

use super::code::Codes;
use super::error::{SyntaxError, SyntaxErrorKind};
use super::literal;
use super::reading::Reading;
use super::syntax::{Rule, is_word};
use crate::ast::{Duration, Encoding, Expr, Field, Item, Mark, Name, Path, TypeExpr, TypeExprKind};
use crate::span::{Span, Spanned};

/// What the grammar found at one place.
type Found<'i> = Pair<'i, Rule>;

/// Builds the tree of one declaration. Functions answer nothing where the grammar found something that they do not know, which the
/// caller reports: it would be a mistake in this crate.
pub(super) struct Builder<'b, 's> {
    codes: &'b Codes<'s>,
    reading: &'b Reading,
    /// Where the text that the grammar read begins in the reading.
    offset: usize,
    /// Mistakes that the grammar lets pass.
    errors: RefCell<Vec<SyntaxError>>,
    /// Values in braces may stand here.
    values: Cell<bool>,
    /// The subject of the `match` that is being built, in the text that the grammar read.
    subject: Cell<Option<(usize, usize)>>,
}

impl<'b, 's> Builder<'b, 's> {
    pub(super) fn new(codes: &'b Codes<'s>, reading: &'b Reading, offset: usize) -> Self {
        Self { codes, reading, offset, errors: RefCell::default(), values: Cell::new(false), subject: Cell::new(None) }
    }

    /// The declaration, and what is wrong with it all the same.
    pub(super) fn build(self, found: Pairs<'_, Rule>) -> (Option<Item>, Vec<SyntaxError>) {
        let item = found.into_iter().next().and_then(|pair| Parts::of(pair).next()).and_then(|pair| self.item(pair));
        (item, self.errors.into_inner())
    }

    fn report(&self, kind: SyntaxErrorKind, span: Span) {
        self.errors.borrow_mut().push(SyntaxError { kind, span });
    }

    fn span(&self, pair: &Found<'_>) -> Span {
        let span = pair.as_span();
        self.reading.span(self.codes, self.offset.saturating_add(span.start())..self.offset.saturating_add(span.end()))
    }

    fn docs(&self, span: Span) -> Option<String> {
        self.codes.docs.get(&span.start).cloned()
    }

    /// Keeps the first of a clause that may stand once, and reports the second.
    fn once<T>(&self, kept: &mut Option<T>, value: T, clause: &'static str, span: Span) {
        if kept.is_some() {
            self.report(SyntaxErrorKind::Repeated { clause }, span);
        } else {
            *kept = Some(value);
        }
    }

    fn name(&self, pair: &Found<'_>) -> Name {
        Spanned::new(pair.as_str().to_owned(), self.span(pair))
    }

    fn names(&self, pair: Found<'_>) -> Vec<Name> {
        Parts::of(pair).map(|name| self.name(&name)).collect()
    }

    /// A dotted name.
    fn path(&self, pair: Found<'_>) -> Path {
        let span = self.span(&pair);
        Path { parts: self.names(pair), span }
    }

    fn text(&self, pair: &Found<'_>) -> Spanned<String> {
        Spanned::new(literal::unescape(pair.as_str(), |_, _| {}), self.span(pair))
    }

    fn duration(&self, pair: &Found<'_>) -> Option<Spanned<Duration>> {
        Some(Spanned::new(literal::duration(pair.as_str())?, self.span(pair)))
    }

    /// A whole number; one that is too large is reported and read as the largest.
    fn integer(&self, pair: &Found<'_>) -> Spanned<i64> {
        let span = self.span(pair);
        let value = pair.as_str().replace('_', "").parse().unwrap_or_else(|_| {
            let kind = SyntaxErrorKind::BadLiteral {
                literal: pair.as_str().to_owned(),
                problem: super::error::LiteralProblem::TooLarge,
                instead: None,
            };
            self.report(kind, span);
            i64::MAX
        });
        Spanned::new(value, span)
    }

    /// `(order: "A-1", amount)`: a name alone is passed under its own name.
    fn named_args(&self, pair: Found<'_>) -> Option<Vec<(Name, Expr)>> {
        Parts::of(pair)
            .map(|arg| {
                let mut parts = Parts::of(arg);
                let name = self.name(&parts.next()?);
                let value = match parts.next() {
                    Some(value) => self.expr(value)?,
                    None => Expr { kind: crate::ast::ExprKind::Name(name.node.clone()), span: name.span },
                };
                Some((name, value))
            })
            .collect()
    }

    /// `{ total: Money(USD), note: Text? untrusted }`
    fn fields(&self, pair: Found<'_>) -> Option<Vec<Field>> {
        Parts::of(pair).map(|field| self.field(field)).collect()
    }

    fn field(&self, pair: Found<'_>) -> Option<Field> {
        let span = self.span(&pair);
        let (mut name, mut ty, mut from, mut encoding, mut marks) = (None, None, None, None, Vec::new());
        for part in Parts::of(pair) {
            let here = self.span(&part);
            match part.as_rule() {
                Rule::mark => marks.push(self.mark(part)?),
                Rule::field_name => name = Some(self.name(&part)),
                Rule::type_expr => ty = Some(self.type_expr(part)?),
                Rule::from_place => self.once(&mut from, self.text(&Parts::of(part).next()?), "from", here),
                Rule::encoding => {
                    let read = match Parts::all(part).last()?.as_rule() {
                        Rule::kw_cents => Encoding::Cents,
                        Rule::kw_seconds => Encoding::EpochSeconds,
                        _ => Encoding::EpochMilliseconds,
                    };
                    self.once(&mut encoding, Spanned::new(read, here), "encoding", here);
                }
                _ => return None,
            }
        }
        Some(Field { docs: self.docs(span), name: name?, ty: ty?, from, encoding, marks, span })
    }

    fn mark(&self, pair: Found<'_>) -> Option<Spanned<Mark>> {
        let span = self.span(&pair);
        let mark = match Parts::all(pair).next()?.as_rule() {
            Rule::kw_claim => Mark::Claim,
            Rule::kw_untrusted => Mark::Untrusted,
            _ => Mark::Secret,
        };
        Some(Spanned::new(mark, span))
    }

    fn type_expr(&self, pair: Found<'_>) -> Option<TypeExpr> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let base = parts.next()?;
        let base_span = self.span(&base);
        let kind = match base.as_rule() {
            Rule::zoned_time => TypeExprKind::TimeInZone(self.text(&Parts::of(base).next()?)),
            Rule::money_type => TypeExprKind::Money(self.name(&Parts::of(base).next()?)),
            Rule::plain_type => {
                let mut inner = Parts::of(base);
                let name = self.name(&inner.next()?);
                let args = inner.map(|arg| self.type_expr(arg)).collect::<Option<Vec<_>>>()?;
                if args.is_empty() { TypeExprKind::Named(name) } else { TypeExprKind::Generic(name, args) }
            }
            _ => return None,
        };
        let ty = TypeExpr { kind, span: base_span };
        Some(if parts.next().is_some() { TypeExpr { kind: TypeExprKind::Optional(Box::new(ty)), span } } else { ty })
    }
}

/// The parts of what the grammar found; [`Parts::of`] leaves the words of the language out.
struct Parts<'i> {
    pairs: Peekable<Pairs<'i, Rule>>,
    words: bool,
}

impl<'i> Parts<'i> {
    fn of(pair: Found<'i>) -> Self {
        Self { pairs: pair.into_inner().peekable(), words: false }
    }

    /// The parts and the words between them.
    fn all(pair: Found<'i>) -> Self {
        Self { pairs: pair.into_inner().peekable(), words: true }
    }

    /// The next part, if it is of this rule.
    fn accept(&mut self, rule: Rule) -> Option<Found<'i>> {
        self.skip_words();
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }

    fn skip_words(&mut self) {
        while !self.words && self.pairs.next_if(|pair| is_word(pair.as_rule())).is_some() {}
    }
}

impl<'i> Iterator for Parts<'i> {
    type Item = Found<'i>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_words();
        self.pairs.next()
    }
}
