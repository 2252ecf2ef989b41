//! Expressions: precedence, and the trees of quantifiers, matches and literals.

use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::super::MAX_DEPTH;
use super::super::error::{Form, SyntaxErrorKind};
use super::super::literal;
use super::super::syntax::Rule;
use super::{Builder, Found, Parts};
use crate::ast::{
    Arm, BinaryOp, Duration, Expr, ExprKind, HistoryKind, Literal, Name, Path, Pattern, PatternKind, Quantifier, Target,
};
use crate::span::{Span, Spanned};

/// An expression and how deep its tree is.
pub(super) struct Deep {
    expr: Expr,
    depth: usize,
}

/// From the loosest to the tightest.
static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let infix = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(Op::prefix(Rule::not))
        .op(infix(Rule::equal)
            | infix(Rule::not_equal)
            | infix(Rule::less)
            | infix(Rule::less_equal)
            | infix(Rule::greater)
            | infix(Rule::greater_equal)
            | infix(Rule::in_op)
            | infix(Rule::not_in)
            | infix(Rule::matches)
            | infix(Rule::under)
            | Op::postfix(Rule::is_absent))
        .op(infix(Rule::range))
        .op(infix(Rule::coalesce))
        .op(infix(Rule::add) | infix(Rule::subtract))
        .op(infix(Rule::multiply) | infix(Rule::divide))
        .op(Op::prefix(Rule::negate))
        .op(infix(Rule::in_zone))
});

impl Builder<'_, '_> {
    /// An expression, or one that compares nothing.
    pub(super) fn expr(&self, pair: Found<'_>) -> Option<Expr> {
        Some(self.deep(pair)?.expr)
    }

    fn exprs(&self, parts: Parts<'_>) -> Option<(Vec<Expr>, usize)> {
        let mut depth = 0;
        let mut exprs = Vec::new();
        for part in parts {
            let deep = self.deep(part)?;
            depth = depth.max(deep.depth);
            exprs.push(deep.expr);
        }
        Some((exprs, depth))
    }

    /// Expressions in brackets or after a word, separated by commas.
    pub(super) fn expr_list(&self, parts: Parts<'_>) -> Option<Vec<Expr>> {
        Some(self.exprs(parts)?.0)
    }

    fn node(&self, kind: ExprKind, span: Span, children: usize, place: Span) -> Deep {
        if children < MAX_DEPTH {
            return Deep { expr: Expr { kind, span }, depth: children.saturating_add(1) };
        }
        // What is already too deep was reported where it became so.
        if children == MAX_DEPTH {
            self.report(SyntaxErrorKind::TooDeep, place);
        }
        Deep { expr: Expr { kind: ExprKind::Error, span }, depth: MAX_DEPTH.saturating_add(1) }
    }

    fn error(&self, kind: SyntaxErrorKind, place: Span, span: Span) -> Deep {
        self.report(kind, place);
        Deep { expr: Expr { kind: ExprKind::Error, span }, depth: 1 }
    }

    fn deep(&self, pair: Found<'_>) -> Option<Deep> {
        match pair.as_rule() {
            Rule::expr => self.logic(pair),
            Rule::clause | Rule::arith => self.clause(pair),
            _ => self.operand(pair),
        }
    }

    fn logic(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let first = self.clause(parts.next()?)?;
        let mut operator: Option<Rule> = None;
        let mut mixed = None;
        let mut depth = first.depth;
        let mut operands = vec![first.expr];
        while let Some(op) = parts.next() {
            let place = self.span(&op);
            let rule = Parts::all(op).next()?.as_rule();
            if *operator.get_or_insert(rule) != rule {
                mixed = mixed.or(Some(place));
            }
            let operand = self.clause(parts.next()?)?;
            depth = depth.max(operand.depth);
            operands.push(operand.expr);
        }
        if let Some(place) = mixed {
            return Some(self.error(SyntaxErrorKind::MixedAndOr, place, span));
        }
        Some(match operator {
            None => Deep { expr: operands.pop()?, depth },
            Some(Rule::kw_and) => self.node(ExprKind::And(operands), span, depth, span),
            Some(_) => self.node(ExprKind::Or(operands), span, depth, span),
        })
    }

    fn clause(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        let (mut comparisons, mut member) = (0_usize, false);
        for part in Parts::of(pair.clone()) {
            match part.as_rule() {
                Rule::range if !member => {
                    return Some(self.error(SyntaxErrorKind::Misplaced { form: Form::Range }, self.span(&part), span));
                }
                // `a in b..c` has one range.
                Rule::range => member = false,
                rule if is_comparison(rule) => {
                    comparisons = comparisons.saturating_add(1);
                    member = matches!(rule, Rule::in_op | Rule::not_in);
                }
                _ => continue,
            }
            if comparisons > 1 {
                return Some(self.error(SyntaxErrorKind::ChainedComparison, self.span(&part), span));
            }
        }
        let mut parts = Parts::of(pair.clone());
        let first = parts.next()?;
        if parts.next().is_none() {
            return self.operand(first);
        }
        PRECEDENCE
            .map_primary(|pair| self.operand(pair))
            .map_prefix(|op, operand| self.prefix(&op, operand?))
            .map_postfix(|operand, op| self.absent(operand?, op))
            .map_infix(|left, op, right| self.binary(left?, &op, right?))
            .parse(Parts::of(pair))
    }

    fn prefix(&self, op: &Found<'_>, operand: Deep) -> Option<Deep> {
        let place = self.span(op);
        let span = place.to(operand.expr.span);
        let inner = Box::new(operand.expr);
        let kind = if op.as_rule() == Rule::not { ExprKind::Not(inner) } else { ExprKind::Negate(inner) };
        Some(self.node(kind, span, operand.depth, place))
    }

    fn absent(&self, operand: Deep, op: Found<'_>) -> Option<Deep> {
        let place = self.span(&op);
        let span = operand.expr.span.to(place);
        let negated = Parts::all(op).any(|word| word.as_rule() == Rule::kw_not);
        Some(self.node(ExprKind::IsAbsent(Box::new(operand.expr), negated), span, operand.depth, place))
    }

    fn binary(&self, left: Deep, op: &Found<'_>, right: Deep) -> Option<Deep> {
        let place = self.span(op);
        let span = left.expr.span.to(right.expr.span);
        let depth = left.depth.max(right.depth);
        let (left, right) = (Box::new(left.expr), Box::new(right.expr));
        let operator = match op.as_rule() {
            Rule::range => return Some(self.node(ExprKind::Range(left, right), span, depth, place)),
            Rule::in_zone => return Some(self.node(ExprKind::InZone(left, right), span, depth, place)),
            Rule::equal => BinaryOp::Equal,
            Rule::not_equal => BinaryOp::NotEqual,
            Rule::less => BinaryOp::Less,
            Rule::less_equal => BinaryOp::LessEqual,
            Rule::greater => BinaryOp::Greater,
            Rule::greater_equal => BinaryOp::GreaterEqual,
            Rule::in_op => BinaryOp::In,
            Rule::not_in => BinaryOp::NotIn,
            Rule::matches => BinaryOp::Matches,
            Rule::under => BinaryOp::Under,
            Rule::coalesce => BinaryOp::Coalesce,
            Rule::add => BinaryOp::Add,
            Rule::subtract => BinaryOp::Subtract,
            Rule::multiply => BinaryOp::Multiply,
            Rule::divide => BinaryOp::Divide,
            _ => return None,
        };
        Some(self.node(ExprKind::Binary(Spanned::new(operator, place), left, right), span, depth, place))
    }

    fn operand(&self, pair: Found<'_>) -> Option<Deep> {
        let mut parts = Parts::of(pair);
        let mut deep = self.primary(parts.next()?)?;
        for postfix in parts {
            let place = self.span(&postfix);
            let span = deep.expr.span.to(place);
            let (kind, depth) = if postfix.as_rule() == Rule::index {
                let (keys, depth) = self.exprs(Parts::of(postfix))?;
                (ExprKind::Index(Box::new(deep.expr), keys), depth.max(deep.depth))
            } else {
                (ExprKind::Field(Box::new(deep.expr), self.name(&Parts::of(postfix).next()?)), deep.depth)
            };
            deep = self.node(kind, span, depth, place);
        }
        Some(deep)
    }

    fn primary(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::literal => {
                let literal = read_literal(&Parts::all(pair).next()?)?;
                Some(self.node(ExprKind::Literal(literal), span, 0, span))
            }
            Rule::reference => self.reference(pair),
            Rule::parens => self.parens(pair),
            Rule::list => {
                let (entries, depth) = self.exprs(Parts::of(pair))?;
                Some(self.node(ExprKind::List(entries), span, depth, span))
            }
            Rule::record_value => {
                if !self.values.get() {
                    return Some(self.error(SyntaxErrorKind::Misplaced { form: Form::Record }, span, span));
                }
                let (entries, depth) = self.entries(pair)?;
                Some(self.node(ExprKind::Record(entries), span, depth, span))
            }
            Rule::choice => {
                let mut parts = Parts::of(pair);
                let (condition, yes, no) = (self.deep(parts.next()?)?, self.deep(parts.next()?)?, self.deep(parts.next()?)?);
                let depth = condition.depth.max(yes.depth).max(no.depth);
                Some(self.node(ExprKind::If(Box::new(condition.expr), Box::new(yes.expr), Box::new(no.expr)), span, depth, span))
            }
            Rule::matching => self.matching(pair),
            Rule::history => self.history(pair),
            Rule::saw_untrusted => Some(self.node(ExprKind::SawUntrusted, span, 0, span)),
            Rule::trusting => {
                let inner = self.deep(Parts::of(pair).next()?)?;
                Some(self.node(ExprKind::Trusting(Box::new(inner.expr)), span, inner.depth, span))
            }
            Rule::any_all | Rule::aggregate => {
                let op = self.quantifier(&Parts::all(pair.clone()).next()?)?;
                let mut parts = Parts::of(pair);
                let (binders, over, depth) = self.walked(parts.next()?)?;
                let body = self.deep(parts.next()?)?;
                let depth = depth.max(body.depth);
                Some(self.node(ExprKind::Quantified { op, binders, over, body: Box::new(body.expr) }, span, depth, span))
            }
            Rule::first_where => {
                let op = self.quantifier(&Parts::all(pair.clone()).next()?)?;
                let mut parts = Parts::of(pair);
                let binders = vec![self.name(&parts.next()?)];
                let (over, body) = (self.deep(parts.next()?)?, self.deep(parts.next()?)?);
                let depth = over.depth.max(body.depth);
                Some(self.node(
                    ExprKind::Quantified { op, binders, over: vec![over.expr], body: Box::new(body.expr) },
                    span,
                    depth,
                    span,
                ))
            }
            _ => None,
        }
    }

    fn reference(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        let mut names: Vec<Name> = Vec::new();
        for part in Parts::of(pair) {
            if part.as_rule() == Rule::args {
                let (args, depth) = self.exprs(Parts::of(part))?;
                let path = names.first()?.span.to(names.last()?.span);
                return Some(self.node(ExprKind::Call(Path { parts: names, span: path }, args), span, depth, span));
            }
            names.push(self.name(&part));
        }
        let mut names = names.into_iter();
        let first = names.next()?;
        let mut deep = self.node(ExprKind::Name(first.node), first.span, 0, first.span);
        for name in names {
            let (span, place) = (deep.expr.span.to(name.span), name.span);
            deep = self.node(ExprKind::Field(Box::new(deep.expr), name), span, deep.depth, place);
        }
        Some(deep)
    }

    fn parens(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        let is_subject = self.subject.get() == Some(extent(&pair));
        let (mut exprs, depth) = self.exprs(Parts::of(pair))?;
        if exprs.len() == 1 {
            let inner = exprs.pop()?;
            return Some(Deep { expr: Expr { kind: inner.kind, span }, depth });
        }
        if !is_subject {
            return Some(self.error(SyntaxErrorKind::Misplaced { form: Form::Tuple }, span, span));
        }
        Some(self.node(ExprKind::Tuple(exprs), span, depth, span))
    }

    fn matching(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let subject = parts.next()?;
        let outer = self.subject.replace(Some(extent(&subject)));
        let subject = self.deep(subject)?;
        self.subject.set(outer);
        let mut depth = subject.depth;
        let mut arms = Vec::new();
        for arm in parts {
            let span = self.span(&arm);
            let mut patterns = Vec::new();
            for part in Parts::of(arm) {
                if part.as_rule() == Rule::pattern {
                    patterns.push(self.pattern(part)?);
                    continue;
                }
                let value = self.deep(part)?;
                depth = depth.max(value.depth);
                arms.push(Arm { patterns: std::mem::take(&mut patterns), value: value.expr, span });
            }
        }
        Some(self.node(ExprKind::Match(Box::new(subject.expr), arms), span, depth, span))
    }

    fn pattern(&self, pair: Found<'_>) -> Option<Pattern> {
        let span = self.span(&pair);
        let mut alternatives = Parts::of(pair).map(|one| self.pattern_one(one)).collect::<Option<Vec<_>>>()?;
        if alternatives.len() == 1 {
            return alternatives.pop();
        }
        Some(Pattern { kind: PatternKind::Or(alternatives), span })
    }

    fn pattern_one(&self, pair: Found<'_>) -> Option<Pattern> {
        let span = self.span(&pair);
        let part = Parts::of(pair).next()?;
        let kind = match part.as_rule() {
            Rule::wildcard => PatternKind::Wildcard,
            Rule::name => PatternKind::Name(part.as_str().to_owned()),
            Rule::literal => PatternKind::Literal(read_literal(&Parts::all(part).next()?)?),
            Rule::negative => PatternKind::Literal(negative(read_literal(&Parts::all(part).next()?)?)?),
            _ => return None,
        };
        Some(Pattern { kind, span })
    }

    fn history(&self, pair: Found<'_>) -> Option<Deep> {
        let span = self.span(&pair);
        let word = Parts::all(pair.clone()).next()?;
        let kind = match word.as_rule() {
            Rule::kw_happened => HistoryKind::Happened,
            Rule::kw_failed => HistoryKind::Failed,
            _ => HistoryKind::Last,
        };
        let mut parts = Parts::of(pair);
        let targets = self.targets(parts.next()?)?;
        let filter = parts.next().map(|filter| self.deep(filter).ok_or(())).transpose().ok()?;
        let depth = filter.as_ref().map_or(0, |filter| filter.depth);
        let what = Spanned::new(kind, self.span(&word));
        Some(self.node(
            ExprKind::History { what, targets, filter: filter.map(|filter| Box::new(filter.expr)) },
            span,
            depth,
            span,
        ))
    }

    /// What a quantifier walks: the names it binds, the lists, and how deep those are.
    fn walked(&self, pair: Found<'_>) -> Option<(Vec<Name>, Vec<Expr>, usize)> {
        let mut parts = Parts::of(pair);
        let mut binders = Vec::new();
        while let Some(name) = parts.accept(Rule::name) {
            binders.push(self.name(&name));
        }
        let (over, depth) = self.exprs(parts)?;
        Some((binders, over, depth))
    }

    fn quantifier(&self, word: &Found<'_>) -> Option<Spanned<Quantifier>> {
        let op = match word.as_rule() {
            Rule::kw_any => Quantifier::Any,
            Rule::kw_all => Quantifier::All,
            Rule::kw_count => Quantifier::Count,
            Rule::kw_sum => Quantifier::Sum,
            Rule::kw_min => Quantifier::Min,
            Rule::kw_max => Quantifier::Max,
            Rule::kw_first => Quantifier::First,
            _ => return None,
        };
        Some(Spanned::new(op, self.span(word)))
    }

    /// `{ id: "R-1" }`: the entries.
    fn entries(&self, pair: Found<'_>) -> Option<(Vec<(Name, Expr)>, usize)> {
        let mut depth = 0;
        let mut entries = Vec::new();
        for entry in Parts::of(pair) {
            let mut parts = Parts::of(entry);
            let key = parts.next()?;
            let name = if key.as_rule() == Rule::text { self.text(&key) } else { self.name(&key) };
            let value = self.deep(parts.next()?)?;
            depth = depth.max(value.depth);
            entries.push((name, value.expr));
        }
        Some((entries, depth))
    }

    /// A value in braces where nothing else could stand.
    pub(super) fn record_value(&self, pair: Found<'_>) -> Option<Vec<(Name, Expr)>> {
        Some(self.entries(pair)?.0)
    }

    /// `shop.refund, shop.*`
    pub(super) fn targets(&self, pair: Found<'_>) -> Option<Vec<Target>> {
        Parts::of(pair).map(|target| Some(Target { path: self.path(target) })).collect()
    }
}

/// Where something stands in the text that the grammar read, without the blanks after it.
fn extent(pair: &Found<'_>) -> (usize, usize) {
    let start = pair.as_span().start();
    (start, start.saturating_add(pair.as_str().trim_end().len()))
}

fn is_comparison(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::equal
            | Rule::not_equal
            | Rule::less
            | Rule::less_equal
            | Rule::greater
            | Rule::greater_equal
            | Rule::in_op
            | Rule::not_in
            | Rule::matches
            | Rule::under
            | Rule::is_absent
    )
}

fn read_literal(pair: &Found<'_>) -> Option<Literal> {
    let text = pair.as_str();
    let digits = || text.replace('_', "");
    Some(match pair.as_rule() {
        Rule::time => Literal::Time(text.to_owned()),
        Rule::date => Literal::Date(text.to_owned()),
        Rule::time_of_day => Literal::TimeOfDay(text.to_owned()),
        Rule::duration => Literal::Duration(literal::duration(text)?),
        Rule::percent => Literal::Percent(digits().trim_end_matches('%').to_owned()),
        Rule::money => {
            let (amount, currency) = text.split_once(' ')?;
            Literal::Money(amount.replace('_', ""), currency.trim().to_owned())
        }
        Rule::decimal => Literal::Decimal(digits()),
        Rule::integer => Literal::Int(digits()),
        Rule::text => Literal::Text(literal::unescape(text, |_, _| {})),
        Rule::boolean => Literal::Bool(text == "true"),
        Rule::none => Literal::None,
        _ => return None,
    })
}

/// The literal with a minus before it.
fn negative(literal: Literal) -> Option<Literal> {
    Some(match literal {
        Literal::Int(text) => Literal::Int(format!("-{text}")),
        Literal::Decimal(text) => Literal::Decimal(format!("-{text}")),
        Literal::Percent(text) => Literal::Percent(format!("-{text}")),
        Literal::Money(amount, currency) => Literal::Money(format!("-{amount}"), currency),
        Literal::Duration(Duration { nanoseconds }) => Literal::Duration(Duration { nanoseconds: nanoseconds.checked_neg()? }),
        _ => return None,
    })
}
