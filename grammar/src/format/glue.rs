//! Which tokens stand close to the one before them.

use crate::parse::Rule;
use crate::parse::concrete::{Concrete, Node};
use crate::token::TokenKind;

/// For each token, whether it follows the one before it without a blank.
pub(super) fn glued(concrete: &Concrete) -> Vec<bool> {
    let mut before = None;
    let signs = concrete.tokens.iter().map(|token| {
        let close = matches!(
            token.kind,
            TokenKind::RightParen
                | TokenKind::RightBracket
                | TokenKind::LeftParen
                | TokenKind::Comma
                | TokenKind::Colon
                | TokenKind::Question
                | TokenKind::Range
        );
        let before = before.replace(token.kind);
        let dotted = token.kind == TokenKind::Dot || before == Some(TokenKind::Dot);
        let after_close = matches!(before, Some(TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::Range));
        // Where a blank stands at a dot, the grammar may read something else.
        close || after_close || (dotted && !token.apart)
    });
    let mut glue: Vec<bool> = signs.collect();
    for item in &concrete.items {
        walk(item, concrete, &mut glue);
    }
    glue
}

/// Whether a token stands first in a bracket, or behind a minus sign of its own.
fn is_first(concrete: &Concrete, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| concrete.tokens.get(before));
    before.is_some_and(|token| matches!(token.kind, TokenKind::LeftParen | TokenKind::LeftBracket))
}

/// What the signs alone do not tell.
fn walk(node: &Node, concrete: &Concrete, glue: &mut [bool]) {
    let mut set = |at: usize, value: bool| {
        if let Some(place) = glue.get_mut(at) {
            *place = value;
        }
    };
    let parens: Vec<&Node> = node.children.iter().filter(|child| child.rule == Some(Rule::left_paren)).collect();
    match node.rule {
        Some(Rule::index) => set(node.first, true),
        Some(Rule::negate) => set(node.end, true),
        Some(Rule::negative) => set(node.first.saturating_add(1), true),
        // Parentheses that nothing is called with.
        Some(Rule::parens | Rule::arm | Rule::walked | Rule::record) => {
            let own = parens.first().filter(|paren| node.rule == Some(Rule::record) || paren.first == node.first);
            if let Some(paren) = own {
                set(paren.first, is_first(concrete, paren.first));
            }
        }
        Some(Rule::plain_type) => {
            for child in &node.children {
                match child.rule {
                    Some(Rule::left_angle) => {
                        set(child.first, true);
                        set(child.end, true);
                    }
                    Some(Rule::right_angle) => set(child.first, true),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    for child in &node.children {
        walk(child, concrete, glue);
    }
}
