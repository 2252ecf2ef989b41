//! The outline of a file: its declarations, the members of their blocks, and which line ends count. It is found from the tokens alone,
//! so that a mistake inside one member says nothing about where the next begins.

use super::brackets::Brackets;
use super::code::{Codes, Fault};
use super::depth::Depth;
use super::error::{Form, SyntaxError, SyntaxErrorKind};
use super::lines;
use super::words::{self, Block};
use crate::token::TokenKind;

/// A declaration or a member: one entry of a block.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The block that it stands in.
    pub(super) block: Block,
    /// The chunk whose body that is; none at the top of the file.
    pub(super) parent: Option<usize>,
    /// Its first token.
    pub(super) start: usize,
    /// The token after its last.
    pub(super) end: usize,
    /// The brace that opens its body, if it has one whose members are chunks of their own.
    pub(super) body: Option<usize>,
    /// The worst mistake that was found in its own tokens.
    pub(super) fault: Fault,
}

/// The outline.
#[derive(Debug)]
pub(super) struct Outline {
    /// Declarations and members in the order in which they begin: a chunk stands after the one that it is in.
    pub(super) chunks: Vec<Chunk>,
    /// Tokens before which a line end counts.
    pub(super) line_ends: Vec<bool>,
    /// How many `}` are missing before each token, and at the end.
    pub(super) missing: Vec<usize>,
    /// Tokens that are left out.
    pub(super) skipped: Vec<bool>,
}

/// An open bracket, or the file itself.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The block whose members are cut here; none in parentheses, brackets and values.
    pub(super) block: Option<Block>,
    /// In braces, line ends count.
    pub(super) braces: bool,
    /// The member that is open.
    chunk: Option<usize>,
    /// The innermost member that is open outside.
    outer: Option<usize>,
    /// Its first word.
    pub(super) head: String,
    /// Whether the word `escalate` was seen in it.
    pub(super) escalates: bool,
    depth: Depth,
}

/// Finds the outline; reports what is nested too deeply and first words that are misspelled or foreign.
pub(super) fn outline(codes: &mut Codes<'_>, brackets: &Brackets, errors: &mut Vec<SyntaxError>) -> Outline {
    let count = codes.list.len();
    let mut pass = Pass {
        outline: Outline {
            chunks: Vec::new(),
            line_ends: vec![false; count],
            missing: vec![0; count.saturating_add(1)],
            skipped: brackets.stray.clone(),
        },
        frames: vec![Frame::new(Some(Block::File), true, Depth::default())],
        too_deep: None,
        errors,
    };
    let mut before = None;
    for at in 0..count {
        pass.end_unclosed(brackets, at);
        if brackets.stray.get(at) == Some(&true) {
            pass.mark(Fault::Mended);
            continue;
        }
        pass.token(codes, brackets, before, at);
        before = Some(at);
    }
    pass.end_unclosed(brackets, count);
    pass.end_member(count);
    pass.outline
}

struct Pass<'e> {
    outline: Outline,
    frames: Vec<Frame>,
    /// The number of frames at which the nesting passed the bound; nothing more is said while it lasts.
    too_deep: Option<usize>,
    errors: &'e mut Vec<SyntaxError>,
}

impl Frame {
    fn new(block: Option<Block>, braces: bool, depth: Depth) -> Self {
        Self { block, braces, chunk: None, outer: None, head: String::new(), escalates: false, depth }
    }
}

impl Frame {
    fn innermost(&self) -> Option<usize> {
        self.chunk.or(self.outer)
    }
}

impl Pass<'_> {
    /// Ends the brackets that nothing closes before a token.
    fn end_unclosed(&mut self, brackets: &Brackets, at: usize) {
        for _ in 0..brackets.ended.get(at).copied().unwrap_or(0) {
            let Some(block) = self.frames.last().map(|frame| frame.block) else { return };
            if self.frames.len() < 2 {
                return;
            }
            self.end_member(at);
            self.frames.pop();
            if block.is_some() {
                if let Some(missing) = self.outline.missing.get_mut(at) {
                    *missing = missing.saturating_add(1);
                }
                self.mark(Fault::Mended);
            } else {
                self.mark(Fault::Broken);
            }
        }
    }

    fn token(&mut self, codes: &mut Codes<'_>, brackets: &Brackets, before: Option<usize>, at: usize) {
        let Some(kind) = codes.kind(at) else { return };
        let closes = matches!(kind, TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace);
        if closes {
            self.end_member(at);
            if self.frames.len() > 1 {
                self.frames.pop();
            }
            if self.too_deep.is_some_and(|depth| self.frames.len() < depth) {
                self.too_deep = None;
            }
            self.mark(codes.list.get(at).map_or(Fault::None, |code| code.fault));
            if let Some(frame) = self.frames.last_mut() {
                frame.depth.operand();
            }
            return;
        }
        self.separate(codes, brackets, before, at);
        if kind == TokenKind::Semicolon
            && let Some(frame) = self.frames.last_mut()
        {
            frame.depth.restart();
        }
        if self.is_separator(codes, before, at) {
            self.end_member(at);
            return;
        }
        self.begin_member(codes, at);
        self.mark(codes.list.get(at).map_or(Fault::None, |code| code.fault));
        self.measure(codes, before, at);
        if matches!(kind, TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace) {
            self.open(codes, before, at, kind);
        }
    }

    /// Whether the line end before a token ends the member before it.
    fn separate(&mut self, codes: &Codes<'_>, brackets: &Brackets, before: Option<usize>, at: usize) {
        let Some(frame) = self.frames.last() else { return };
        let first = codes.list.get(at).is_some_and(|code| code.first);
        let Some(before) = before.filter(|_| first && frame.braces) else { return };
        // Nothing follows the body of a member.
        let body = frame.chunk.and_then(|chunk| self.outline.chunks.get(chunk)).and_then(|chunk| chunk.body);
        let after_body = body.is_some_and(|brace| brackets.close.get(brace) == Some(&before));
        let missing = self.outline.missing.get(at).is_some_and(|&missing| missing > 0);
        let forced = after_body || missing;
        if forced || lines::ends_member(codes, brackets, frame, before, at) {
            if let Some(line_end) = self.outline.line_ends.get_mut(at) {
                *line_end = true;
            }
            self.end_member(at);
            if let Some(frame) = self.frames.last_mut() {
                frame.depth.restart();
            }
        }
    }

    /// Whether a token stands between members.
    fn is_separator(&self, codes: &Codes<'_>, before: Option<usize>, at: usize) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let next = at.saturating_add(1);
        match (codes.kind(at), frame.block) {
            (Some(TokenKind::Semicolon), block) => block.is_some(),
            // Not between the arguments of a type, nor where a field cannot end or begin.
            (Some(TokenKind::Comma), Some(Block::Fields)) => {
                let ends = !matches!(before.and_then(|before| codes.kind(before)), Some(TokenKind::Colon | TokenKind::Less));
                ends && !frame.depth.is_in_type()
                    && !matches!(codes.kind(next), Some(TokenKind::Colon | TokenKind::Greater | TokenKind::Question))
            }
            (Some(TokenKind::Comma), Some(Block::Enum)) => codes.kind(next) != Some(TokenKind::Text),
            (Some(TokenKind::Comma), Some(Block::Verb)) => Block::Verb.members().contains(&codes.word(next)),
            _ => false,
        }
    }

    /// Begins a member with a token, where none is open.
    fn begin_member(&mut self, codes: &mut Codes<'_>, at: usize) {
        let next = self.outline.chunks.len();
        let Some(frame) = self.frames.last_mut() else { return };
        let parent = frame.outer;
        let Some(block) = frame.block.filter(|_| frame.chunk.is_none()) else { return };
        frame.chunk = Some(next);
        frame.escalates = false;
        frame.depth.restart();
        let fault = head_mistake(codes, block, at, self.errors);
        frame.head = codes.word(at).to_owned();
        if frame.head == "shadow" {
            frame.head = codes.word(at.saturating_add(1)).to_owned();
        }
        if self.too_deep == Some(self.frames.len()) {
            self.too_deep = None;
        }
        self.outline.chunks.push(Chunk { block, parent, start: at, end: at, body: None, fault });
    }

    /// Ends the member that is open, before a token.
    fn end_member(&mut self, at: usize) {
        if let Some(frame) = self.frames.last_mut()
            && let Some(chunk) = frame.chunk.take().and_then(|chunk| self.outline.chunks.get_mut(chunk))
        {
            chunk.end = at;
        }
    }

    /// Notes a mistake in the innermost member.
    fn mark(&mut self, fault: Fault) {
        let innermost = self.frames.last().and_then(Frame::innermost);
        if let Some(chunk) = innermost.and_then(|chunk| self.outline.chunks.get_mut(chunk)) {
            chunk.fault = chunk.fault.max(fault);
        }
    }

    /// Counts nesting.
    fn measure(&mut self, codes: &Codes<'_>, before: Option<usize>, at: usize) {
        let frames = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return };
        if codes.word(at) == "escalate" {
            frame.escalates = true;
        }
        frame.depth.token(codes, before, at);
        if frame.depth.is_too_deep() {
            self.report_depth(codes, at, frames);
        }
    }

    fn report_depth(&mut self, codes: &Codes<'_>, at: usize, frames: usize) {
        if self.too_deep.is_none() {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::TooDeep, span: codes.span(at) });
            self.too_deep = Some(frames);
            self.mark(Fault::Broken);
        }
    }

    /// Opens a bracket.
    fn open(&mut self, codes: &Codes<'_>, before: Option<usize>, at: usize, kind: TokenKind) {
        let Some(frame) = self.frames.last_mut() else { return };
        let mut block = None;
        let arms = kind == TokenKind::LeftBrace && frame.depth.take_subject();
        let inner = frame.depth.inner();
        if kind == TokenKind::LeftBrace && !arms {
            if !lines::awaits_operand(codes, before) && !inner.is_too_deep() && self.too_deep.is_none() {
                block = frame.block.and_then(|block| block.body(&frame.head));
            }
            if let Some(chunk) = frame.chunk.filter(|_| block.is_some()).and_then(|chunk| self.outline.chunks.get_mut(chunk)) {
                // A second body is a mistake of the member itself.
                if chunk.body.is_none() {
                    chunk.body = Some(at);
                } else {
                    block = None;
                }
            }
        }
        let outer = frame.innermost();
        self.frames.push(Frame { outer, ..Frame::new(block, kind == TokenKind::LeftBrace, inner) });
        if inner.is_too_deep() {
            self.report_depth(codes, at, self.frames.len());
        }
    }
}

/// Reports a first word that no member begins with; where it is plain which was meant, it is read as that.
fn head_mistake(codes: &mut Codes<'_>, block: Block, at: usize, errors: &mut Vec<SyntaxError>) -> Fault {
    let word = codes.word(at).to_owned();
    let known = block.members();
    if word.is_empty() || known.is_empty() || known.contains(&word.as_str()) {
        return Fault::None;
    }
    let named = matches!(codes.kind(at.saturating_add(1)), Some(TokenKind::Dot | TokenKind::Comma | TokenKind::Assign));
    let span = codes.span(at);
    let kind = if words::is_reserved(&word) {
        SyntaxErrorKind::Reserved { word }
    } else if let Some(instead) = words::foreign_head(block, &word) {
        SyntaxErrorKind::Foreign { found: word, instead: instead.to_owned() }
    } else if block == Block::Prove || named {
        // A property may begin with a verb, and what goes on with a dot is no first word.
        return Fault::None;
    } else if let Some(home) = words::home(&word) {
        SyntaxErrorKind::Misplaced { form: Form::Member { word, home } }
    } else if let Some(meant) = words::nearest(&word, known.iter().copied()) {
        errors.push(SyntaxError { kind: SyntaxErrorKind::Misspelled { found: word, meant }, span });
        if let Some(code) = codes.list.get_mut(at) {
            code.mend(TokenKind::Word, meant.to_owned());
        }
        return Fault::Mended;
    } else {
        return Fault::None;
    };
    errors.push(SyntaxError { kind, span });
    Fault::Broken
}
