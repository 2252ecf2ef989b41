//! From the concrete tree to the document: what belongs together, and where a line may end.

use super::columns::Column;
use super::document::{Between, Bracket, Chain, Doc, Entries, Entry, Link, Space};
use super::gaps::Gaps;
use super::glue::glued;
use crate::parse::Rule;
use crate::parse::concrete::{Concrete, Node};

/// Builds documents.
pub(super) struct Builder<'c> {
    source: &'c str,
    concrete: &'c Concrete,
    gaps: &'c Gaps,
    glue: Vec<bool>,
}

/// Rules that read a clause: it may begin a line, and does where the author made it.
fn is_clause(parent: Option<Rule>, rule: Option<Rule>) -> bool {
    match rule {
        Some(Rule::because) => parent != Some(Rule::gate_member),
        Some(
            Rule::guard
            | Rule::showing
            | Rule::hiding
            | Rule::window
            | Rule::counted_by
            | Rule::capacity
            | Rule::limit_else
            | Rule::within
            | Rule::since_last
            | Rule::expect
            | Rule::returns
            | Rule::fails
            | Rule::kw_unclear
            | Rule::showing_value
            | Rule::without_approval
            | Rule::kw_needs
            | Rule::fetch_also
            | Rule::verb_result
            | Rule::expires_then
            | Rule::expires_else,
        ) => true,
        Some(Rule::kw_as) => parent == Some(Rule::verb),
        Some(Rule::kw_then | Rule::kw_else) => parent == Some(Rule::choice),
        _ => false,
    }
}

/// Whether the braces of a rule hold members, each on a line of its own.
fn body(rule: Rule) -> Option<Entries> {
    match rule {
        Rule::policy
        | Rule::identity
        | Rule::source
        | Rule::tool
        | Rule::verb_body
        | Rule::members
        | Rule::gate
        | Rule::handoff
        | Rule::fixture
        | Rule::test
        | Rule::prove => Some(Entries::Members),
        Rule::fields | Rule::enumeration => Some(Entries::Fields),
        Rule::record_value | Rule::matching => Some(Entries::Values),
        _ => None,
    }
}

impl<'c> Builder<'c> {
    pub(super) fn new(source: &'c str, concrete: &'c Concrete, gaps: &'c Gaps) -> Self {
        Self { source, concrete, gaps, glue: glued(concrete) }
    }

    /// The declarations of the file, as entries.
    pub(super) fn file(&self) -> Vec<Entry> {
        let items = self.concrete.items.iter();
        items.map(|item| Entry { first: item.first, docs: self.inner(item), comma: Vec::new() }).collect()
    }

    /// What a node reads, without the gap before it.
    fn inner(&self, node: &Node) -> Vec<Doc> {
        if node.children.is_empty() {
            return self.tokens(node);
        }
        if node.rule == Some(Rule::expr) && node.children.iter().any(|child| child.rule == Some(Rule::logic_op)) {
            return vec![self.chain(node, &node.children, |rule| rule == Rule::logic_op)];
        }
        if matches!(node.rule, Some(Rule::clause | Rule::arith)) && self.is_broken_at_operators(&node.children) {
            return self.compared(node);
        }
        let mut docs = Vec::new();
        let mut rest = node.children.as_slice();
        let mut before: Option<&Node> = None;
        while let Some((child, after)) = rest.split_first() {
            rest = after;
            if self.is_semicolon(child) {
                continue;
            }
            if before.is_some() {
                docs.push(self.gap(node, before, child));
            }
            match self.bracket(node, child, after) {
                Some((bracket, length)) => {
                    before = after.get(length.saturating_sub(1));
                    rest = after.get(length..).unwrap_or(&[]);
                    docs.push(bracket);
                }
                None => {
                    docs.extend(self.inner(child));
                    before = Some(child);
                }
            }
        }
        docs
    }

    /// The tokens of a node without parts.
    fn tokens(&self, node: &Node) -> Vec<Doc> {
        let mut docs = Vec::new();
        for at in node.first..node.end {
            if at > node.first {
                docs.push(Doc::Gap(self.between(at, Space::Blank, None)));
            }
            docs.push(self.token(at));
        }
        docs
    }

    fn token(&self, at: usize) -> Doc {
        Doc::Token { at, width: self.text(at).chars().count() }
    }

    fn text(&self, at: usize) -> &'c str {
        self.concrete.tokens.get(at).map_or("", |token| token.span.text(self.source))
    }

    fn is_semicolon(&self, node: &Node) -> bool {
        node.rule.is_none() && self.text(node.first) == ";"
    }

    /// What stands between two parts of a node.
    fn gap(&self, parent: &Node, before: Option<&Node>, child: &Node) -> Doc {
        let author = self.gaps.before(child.first).newline;
        let after = before.and_then(|before| before.rule);
        let space = if is_clause(parent.rule, child.rule) {
            if author { Space::Line } else { Space::Break }
        } else if after == Some(Rule::comma) {
            Space::Break
        } else if after == Some(Rule::equals) && matches!(parent.rule, Some(Rule::let_def | Rule::fn_item)) {
            match (author, is_wide(child)) {
                (true, _) => Space::Line,
                (false, true) => Space::BreakFirst,
                (false, false) => Space::Break,
            }
        } else if after == Some(Rule::colon) && matches!(parent.rule, Some(Rule::any_all | Rule::require | Rule::limit)) {
            if is_wide(child) { Space::BreakFirst } else { Space::Break }
        } else {
            Space::Blank
        };
        let gap = self.between(child.first, space, Column::before(parent.rule, child.rule));
        Doc::Gap(Between { clause: is_clause(parent.rule, child.rule), ..gap })
    }

    fn between(&self, before: usize, space: Space, column: Option<Column>) -> Between {
        let glued = self.glue.get(before) == Some(&true);
        let after_colon = before.checked_sub(1).is_some_and(|at| self.text(at) == ":");
        let comments = !self.gaps.before(before).comments.is_empty();
        Between { before, space: if glued { Space::Glue } else { space }, column, clause: false, after_colon, comments }
    }

    /// Whether the author began a line with an operator of an expression.
    fn is_broken_at_operators(&self, parts: &[Node]) -> bool {
        parts.iter().any(|child| child.rule.is_some_and(is_operator) && self.gaps.before(child.first).newline)
    }

    /// An expression whose lines the author ended at operators. Where only the right side of a comparison goes on over lines, these
    /// lines stand below that side.
    fn compared(&self, node: &Node) -> Vec<Doc> {
        let sign = node.children.iter().position(|child| child.rule.is_some_and(is_comparison));
        let Some((left, right)) = sign.and_then(|sign| node.children.split_at_checked(sign.saturating_add(1))) else {
            return vec![self.chain(node, &node.children, is_operator)];
        };
        let (Some(sign), Some(first)) = (left.last(), right.first()) else { return Vec::new() };
        if self.is_broken_at_operators(left) || self.gaps.before(first.first).newline {
            return vec![self.chain(node, &node.children, is_operator)];
        }
        let mut docs = Vec::new();
        for child in left {
            if child.first > node.first {
                docs.push(Doc::Gap(self.between(child.first, Space::Blank, None)));
            }
            docs.extend(self.inner(child));
        }
        docs.push(Doc::Gap(self.between(sign.end, Space::Blank, None)));
        docs.push(self.chain(node, right, is_operator));
        docs
    }

    /// `a and b`, `a + b`
    fn chain(&self, node: &Node, parts: &[Node], is_link: impl Fn(Rule) -> bool) -> Doc {
        let mut chain = Chain { inset: false, first: Vec::new(), rest: Vec::new() };
        let head = node.first.checked_sub(1).map_or("", |at| self.text(at));
        chain.inset = node.rule == Some(Rule::expr) && matches!(head, "when" | "unless" | "where");
        for child in parts {
            let (links, inside) = (chain.rest.len(), !chain.first.is_empty());
            if child.rule.is_some_and(&is_link) {
                let width = self.text(child.first).len().saturating_add(1);
                let comments = !self.gaps.before(child.first).comments.is_empty();
                let broken = self.gaps.before(child.first).newline || self.gaps.before(child.end).newline;
                let more = (child.first.saturating_add(1)..child.end)
                    .flat_map(|at| [Doc::Gap(self.between(at, Space::Blank, None)), self.token(at)]);
                chain.rest.push(Link { operator: child.first, width, broken, comments, operand: more.collect() });
                continue;
            }
            let docs = chain.rest.last_mut().map_or(&mut chain.first, |link| &mut link.operand);
            if links > 0 || inside {
                docs.push(Doc::Gap(self.between(child.first, Space::Blank, None)));
            }
            docs.extend(self.inner(child));
        }
        Doc::Chain(chain)
    }

    /// The bracket that a child opens, if it opens one whose entries can stand on lines of their own, and how many of the nodes after
    /// it belong to it.
    fn bracket(&self, parent: &Node, open: &Node, after: &[Node]) -> Option<(Doc, usize)> {
        let rule = parent.rule?;
        let (closing, style) = match open.rule? {
            Rule::left_brace => (Rule::right_brace, body(rule)?),
            Rule::left_paren if !matches!(rule, Rule::parens | Rule::arm | Rule::walked | Rule::record | Rule::money_type) => {
                (Rule::right_paren, Entries::Values)
            }
            Rule::left_bracket if rule != Rule::index => (Rule::right_bracket, Entries::Values),
            _ => return None,
        };
        let length = after.iter().position(|node| node.rule == Some(closing))?;
        let close = after.get(length)?.first;
        let inside = after.get(..length)?;
        let braces = closing == Rule::right_brace;
        let mut entries: Vec<Entry> = Vec::new();
        let mut ended = true;
        let mut before: Option<&Node> = None;
        for node in inside.iter().filter(|node| !self.is_semicolon(node)) {
            if node.rule == Some(Rule::comma) {
                if let Some(entry) = entries.last_mut() {
                    entry.comma.push(Doc::Gap(self.between(node.first, Space::Glue, None)));
                    entry.comma.push(self.token(node.first));
                }
                ended = true;
            } else if ended || braces {
                entries.push(Entry { first: node.first, docs: self.inner(node), comma: Vec::new() });
                ended = false;
            } else if let Some(entry) = entries.last_mut() {
                entry.docs.push(self.gap(parent, before, node));
                entry.docs.extend(self.inner(node));
            }
            before = Some(node);
        }
        for entry in &mut entries {
            Column::head(rule, &mut entry.docs);
        }
        let mut firsts = entries.iter().map(|entry| entry.first);
        let own_line = |first| self.gaps.before(first).newline;
        let broken = firsts.next().is_some_and(own_line) || (braces && firsts.any(own_line));
        let bracket = Bracket { open: open.first, close, style, spaced: braces, broken, entries };
        Some((Doc::Bracket(bracket), length.saturating_add(1)))
    }
}

/// Whether a rule reads an operator that may begin a line.
fn is_operator(rule: Rule) -> bool {
    is_comparison(rule) || matches!(rule, Rule::coalesce | Rule::add | Rule::subtract | Rule::multiply | Rule::divide)
}

/// Whether a rule reads an operator that binds looser than those of arithmetic.
fn is_comparison(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::equal
            | Rule::not_equal
            | Rule::less_equal
            | Rule::less
            | Rule::greater_equal
            | Rule::greater
            | Rule::not_in
            | Rule::in_op
            | Rule::matches
    )
}

/// Whether an expression would begin lines of its own far to the right.
fn is_wide(node: &Node) -> bool {
    match node.rule {
        Some(Rule::expr | Rule::clause | Rule::operand) => match node.children.as_slice() {
            [only] => is_wide(only),
            children => children.iter().any(|child| child.rule == Some(Rule::logic_op)),
        },
        Some(Rule::choice | Rule::any_all) => true,
        _ => false,
    }
}
