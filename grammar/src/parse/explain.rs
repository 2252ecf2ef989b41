//! Says in the author's words what the grammar did not accept.

use std::collections::BTreeSet;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::code::Codes;
use super::error::{Found, LiteralProblem, Separator, SyntaxError, SyntaxErrorKind};
use super::literal;
use super::outline::Chunk;
use super::reading::Reading;
use super::syntax::{self, Rule};
use super::words::{self, Block};
use crate::span::Span;
use crate::token::TokenKind;

/// The token at which the grammar stopped; the end where all from `start` to `end` was read.
pub(super) fn place(codes: &Codes<'_>, reading: &Reading, start: usize, end: usize, error: &Error<Rule>, offset: usize) -> usize {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let mut token = reading.token_at(offset.saturating_add(at)).clamp(start, end.min(codes.list.len()).max(start));
    // Tokens of which nothing is left are passed over.
    while token < end && codes.text(token).is_empty() {
        token = token.saturating_add(1);
    }
    token
}

/// What is wrong at a token of a chunk.
pub(super) fn explain(codes: &Codes<'_>, chunk: &Chunk, error: &Error<Rule>, at: usize) -> SyntaxError {
    let stop = Stop { codes, chunk, at, ended: at >= chunk.end, expected: Expected::new(chunk.block, error) };
    let (kind, span) = stop
        .literal()
        .or_else(|| stop.foreign())
        .or_else(|| stop.misspelled())
        .or_else(|| stop.separator())
        .unwrap_or_else(|| stop.unexpected());
    SyntaxError { kind, span }
}

/// Where the grammar stopped.
struct Stop<'c, 's> {
    codes: &'c Codes<'s>,
    chunk: &'c Chunk,
    at: usize,
    /// Everything was read, and more should have come.
    ended: bool,
    expected: Expected,
}

type Explained = (SyntaxErrorKind, Span);

impl Stop<'_, '_> {
    fn before(&self) -> Option<usize> {
        self.at.checked_sub(1).filter(|&before| before >= self.chunk.start)
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.codes.kind(at)
    }

    fn found(&self) -> Option<TokenKind> {
        if self.ended { None } else { self.kind(self.at) }
    }

    /// Where to point: the token, or the place after the last one.
    fn span(&self) -> Span {
        if !self.ended {
            return self.codes.span(self.at);
        }
        let end = self.before().map_or(0, |before| self.codes.span(before).end);
        Span::new(end, end)
    }

    /// Numbers, amounts and times that are written in two words or without a unit.
    fn literal(&self) -> Option<Explained> {
        let bad = |from: usize, to: usize, problem, instead: Option<String>| {
            let span = self.codes.span(from).to(self.codes.span(to));
            let literal = span.text(self.codes.source).to_owned();
            Some((SyntaxErrorKind::BadLiteral { literal, problem, instead }, span))
        };
        let next = self.at.saturating_add(1);
        let number = |at: usize| {
            self.kind(at) == Some(TokenKind::Number)
                && self.codes.text(at).bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'_')
        };
        let amount = |number: usize, word: usize| {
            let (digits, unit) = (self.codes.text(number), self.codes.word(word));
            if let Some(unit) = literal::unit(unit) {
                return bad(number, word, LiteralProblem::Duration, (!digits.contains('.')).then(|| format!("{digits}{unit}")));
            }
            match unit {
                "percent" => bad(number, word, LiteralProblem::Number, Some(format!("{digits}%"))),
                "dollars" | "dollar" => bad(number, word, LiteralProblem::Money, Some(format!("{digits} USD"))),
                "euros" | "euro" => bad(number, word, LiteralProblem::Money, Some(format!("{digits} EUR"))),
                _ if unit.len() == 3
                    && unit.bytes().all(|b| b.is_ascii_lowercase())
                    && !self.expected.words.contains(unit)
                    && !is_clause(self.chunk.block, unit) =>
                {
                    bad(number, word, LiteralProblem::Money, Some(format!("{digits} {}", unit.to_ascii_uppercase())))
                }
                _ => None,
            }
        };
        if let Some(before) = self.before().filter(|_| !self.ended) {
            if number(before) && self.found() == Some(TokenKind::Word) {
                return amount(before, self.at);
            }
            let grouped =
                number(before) && self.found() == Some(TokenKind::Comma) && number(next) && self.codes.text(next).len() == 3;
            if grouped && !self.codes.list.get(next).is_some_and(|code| code.apart) {
                let whole = format!("{}{}", self.codes.text(before), self.codes.text(next));
                return bad(before, next, LiteralProblem::Thousands, Some(whole));
            }
            if self.kind(before) == Some(TokenKind::Date) && self.found() == Some(TokenKind::TimeOfDay) {
                let time = self.codes.text(self.at);
                let seconds = if time.len() > 5 { "" } else { ":00" };
                return bad(before, self.at, LiteralProblem::Time, Some(format!("{}T{time}{seconds}Z", self.codes.text(before))));
            }
        }
        if self.expected.rules.contains(&Rule::duration) && !self.ended && number(self.at) {
            let worded = self.kind(next) == Some(TokenKind::Word);
            return worded
                .then(|| amount(self.at, next))
                .flatten()
                .or_else(|| bad(self.at, self.at, LiteralProblem::NoUnit, None));
        }
        None
    }

    /// Words and signs of other languages, and words that are kept for later.
    fn foreign(&self) -> Option<Explained> {
        let found = self.found()?;
        let text = self.codes.text(self.at);
        let foreign =
            |instead: &str| Some((SyntaxErrorKind::Foreign { found: text.to_owned(), instead: instead.to_owned() }, self.span()));
        if found == TokenKind::Assign && self.expected.operator {
            return foreign("compare with `==`");
        }
        if found == TokenKind::Assign && self.expected.rules.contains(&Rule::colon) {
            return foreign("write `:` between a name and what it stands for");
        }
        if found == TokenKind::Question && self.expected.operator {
            return foreign("write `if … then … else …`");
        }
        if found != TokenKind::Word || !self.expected.operator {
            return None;
        }
        match text {
            "AND" | "And" => foreign("write `and`"),
            "OR" | "Or" => foreign("write `or`"),
            "equals" | "eq" | "is" => foreign("compare with `==`"),
            "ne" | "neq" => foreign("compare with `!=`"),
            "lt" | "gt" | "le" | "ge" | "lte" | "gte" => foreign("compare with `<`, `<=`, `>` or `>=`"),
            "contains" | "includes" | "has" => foreign("write `value in list`"),
            "like" => foreign("write `matches \"pattern\"`"),
            "IN" | "In" => foreign("write `in`"),
            "between" => foreign("write `amount in 0 USD..50 USD`"),
            _ => None,
        }
    }

    fn misspelled(&self) -> Option<Explained> {
        if self.found()? != TokenKind::Word {
            return None;
        }
        let text = self.codes.text(self.at);
        let meant = words::nearest(text, self.expected.words.iter().copied())?;
        Some((SyntaxErrorKind::Misspelled { found: text.to_owned(), meant }, self.span()))
    }

    /// Two things without anything between them.
    fn separator(&self) -> Option<Explained> {
        let found = self.found()?;
        let before = self.before()?;
        let begins = matches!(
            found,
            TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::Date | TokenKind::Time | TokenKind::TimeOfDay
        );
        let text = self.codes.text(self.at);
        // These go on with what stands before them; nothing new begins with one.
        if matches!(text, "where" | "when" | "else" | "per") {
            return None;
        }
        let next = self.kind(self.at.saturating_add(1));
        let separator = if self.expected.end {
            let member = match self.chunk.block {
                Block::Fields => {
                    next == Some(TokenKind::Colon) || found == TokenKind::Word && matches!(text, "claim" | "untrusted" | "secret")
                }
                Block::Enum => found == TokenKind::Word,
                block => found == TokenKind::Word && block.members().contains(&text),
            };
            let list = matches!(self.chunk.block, Block::Fields | Block::Enum | Block::Verb);
            member.then_some(if list { Separator::CommaOrLine } else { Separator::Line })
        } else if self.expected.in_list() && begins && !self.expected.words.contains(text) {
            let in_braces = self.expected.rules.contains(&Rule::right_brace);
            Some(if in_braces { Separator::CommaOrLine } else { Separator::Comma })
        } else {
            None
        }?;
        let ends = !matches!(
            self.kind(before),
            Some(TokenKind::Comma | TokenKind::Colon | TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace)
        );
        ends.then(|| (SyntaxErrorKind::MissingSeparator { found: text.to_owned(), separator }, self.span()))
    }

    fn unexpected(&self) -> Explained {
        let found = match self.found() {
            Some(_) => Found::Code(self.codes.text(self.at).to_owned()),
            None => match self.kind(self.chunk.end) {
                None => Found::EndOfFile,
                Some(TokenKind::RightBrace) if !self.codes.list.get(self.chunk.end).is_some_and(|code| code.first) => {
                    Found::EndOfBlock
                }
                Some(TokenKind::Comma | TokenKind::Semicolon) => Found::Code(self.codes.text(self.chunk.end).to_owned()),
                Some(_) => Found::EndOfLine,
            },
        };
        let head = self.codes.word(self.chunk.start);
        let second = self.chunk.start.saturating_add(1);
        let no_access =
            head == "allow" && self.at == second.saturating_add(1) && !matches!(self.codes.word(second), "read" | "write");
        if no_access && self.kind(second) == Some(TokenKind::Word) {
            let found = Found::Code(self.codes.text(second).to_owned());
            let expected = vec!["`read`".to_owned(), "`write`".to_owned()];
            let kind = SyntaxErrorKind::Unexpected {
                after: Some(head.to_owned()),
                expected,
                found,
                example: example(self.chunk.block, head),
                instead: None,
            };
            return (kind, self.codes.span(second));
        }
        let mut expected = self.expected.in_words();
        if self.before().is_none() {
            expected = vec![self.chunk.block.member_name().to_owned()];
        }
        // Inside an expression, how the whole rule reads is no help.
        let example = if self.expected.is_expression() { None } else { example(self.chunk.block, head) };
        let instead = self.instead(head);
        (SyntaxErrorKind::Unexpected { after: self.after(), expected, found, example, instead }, self.span())
    }

    /// What to write instead of what people often write there.
    fn instead(&self, head: &str) -> Option<String> {
        let found = self.found()?;
        let text = self.codes.text(self.at);
        let before = self.before().map(|before| self.codes.text(before));
        let next = self.codes.text(self.at.saturating_add(1));
        let says = |text: &str| Some(text.to_owned());
        match (self.chunk.block, head, text) {
            (Block::Gate, "quorum" | "votes" | "minimum" | "count" | "approvals", _) => {
                says("say how many with the approvers: `approvers 2 of role support_lead`")
            }
            (Block::Gate, "approvers", "or") => says(
                "all of them must say yes; give both groups one role, or ask the others when the first did not answer: `expires 4h then role sre 1h`",
            ),
            (Block::Rules, "limit", amount) if before == Some("per") && literal::duration(amount).is_some() => {
                Some(format!("write `per last {amount} capacity 1000`, with room for as many calls as may stand in it"))
            }
            (Block::Tool, "read" | "write", "-") if self.before() == self.chunk.start.checked_add(1) => {
                let name = before.unwrap_or_default();
                Some(format!(
                    "a name has no `-`: write `{head} {name}_{next}(…)`, and the tool's own name after it, `as \"{name}-{next}\"`"
                ))
            }
            (_, _, "where") if self.expected.in_words().iter().any(|word| word == "`:`") => {
                says("what is asked of each element follows a colon: `count(line in order.lines: line.price > 5 USD)`")
            }
            (_, _, "where") if found == TokenKind::Word => says(
                "`where` narrows earlier calls, in `happened(shop.refund where args.amount > 50 USD)`, and the elements of a list, in `first line in order.lines where line.price > 5 USD`; calls are counted by a `limit`, narrowed with `when`",
            ),
            (Block::Rules, _, ",") if found == TokenKind::Comma && self.expected.operator => {
                says("join conditions with `and`: `when amount <= 50 USD and order.status == delivered`")
            }
            _ => None,
        }
    }

    /// What stands before the place: the first words of the member, or the last token.
    fn after(&self) -> Option<String> {
        let before = self.before()?;
        let last = self.codes.span(before);
        let start = self.codes.span(self.chunk.start);
        let from = if before.saturating_sub(self.chunk.start) <= 1 { start } else { last };
        let text = from.to(last).text(self.codes.source);
        Some(if text.contains('\n') || text.contains("//") { last.text(self.codes.source).to_owned() } else { text.to_owned() })
    }
}

fn is_clause(block: Block, word: &str) -> bool {
    block.clauses().contains(&word) || block.members().contains(&word)
}

/// What could stand at a place.
struct Expected {
    rules: BTreeSet<Rule>,
    /// The words among it.
    words: BTreeSet<&'static str>,
    /// Whether an operator could: an expression may go on.
    operator: bool,
    /// Whether the member could end.
    end: bool,
    block: Block,
}

impl Expected {
    fn new(block: Block, error: &Error<Rule>) -> Self {
        let rules: BTreeSet<Rule> = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.iter().copied().collect(),
            ErrorVariant::CustomError { .. } => BTreeSet::new(),
        };
        let words = rules.iter().flat_map(|&rule| words_of(rule).iter().copied().chain(syntax::word(rule))).collect();
        let operator = rules.iter().any(|&rule| is_operator(rule));
        let end = rules.contains(&Rule::EOI);
        Self { rules, words, operator, end, block }
    }

    /// Whether a list in brackets may go on or end.
    fn in_list(&self) -> bool {
        self.rules.contains(&Rule::comma)
            && [Rule::right_paren, Rule::right_bracket, Rule::right_brace].iter().any(|rule| self.rules.contains(rule))
    }

    /// Whether an expression is being read.
    fn is_expression(&self) -> bool {
        self.operator || self.rules.iter().any(|&rule| thing(rule, self.block) == Some("a value"))
    }

    /// At most four, the most telling first; none where there are more.
    fn in_words(&self) -> Vec<String> {
        let mut things: Vec<&'static str> = Vec::new();
        for &rule in &self.rules {
            if let Some(thing) = thing(rule, self.block)
                && !things.contains(&thing)
            {
                things.push(thing);
            }
        }
        let decided = things.contains(&"a value") || things.contains(&"a verb");
        if decided {
            things.retain(|thing| matches!(*thing, "a value" | "a verb"));
            return things.into_iter().map(str::to_owned).collect();
        }
        let mut expected: Vec<String> = things.iter().map(|&thing| thing.to_owned()).collect();
        // That an expression may always go on is no news.
        let news =
            |word: &str| !(self.operator && matches!(word, "and" | "or" | "not" | "in" | "is" | "matches" | "under" | "zone"));
        expected
            .extend(self.words.iter().filter(|word| news(word)).map(|word| format!("`{word}`")).filter(|_| !self.names_roles()));
        expected.extend(
            self.rules.iter().filter(|rule| !(self.operator && opens(**rule))).filter_map(|&rule| sign(rule)).map(str::to_owned),
        );
        expected.dedup();
        if expected.is_empty() && self.operator {
            expected.push("an operator".to_owned());
        }
        if expected.len() > 4 { Vec::new() } else { expected }
    }

    /// Whether the words are already said by what an approver is.
    fn names_roles(&self) -> bool {
        self.rules.contains(&Rule::approver) || self.rules.contains(&Rule::approvers)
    }
}

fn opens(rule: Rule) -> bool {
    matches!(rule, Rule::left_paren | Rule::left_bracket | Rule::left_brace)
}

/// The words that a rule may begin with, where it is known by several.
fn words_of(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::guard => &["when", "unless"],
        Rule::logic_op => &["and", "or"],
        Rule::encoding => &["cents", "epoch"],
        Rule::mark => &["claim", "untrusted", "secret"],
        Rule::limit_else | Rule::expires_else | Rule::expires_then => &["else", "then"],
        Rule::write_state => &["gated", "denied", "undoable"],
        Rule::write_selector => &["irreversible", "risk"],
        Rule::approver | Rule::approvers => &["role", "user", "identity"],
        Rule::fetch_verb | Rule::fetch_host => &["with", "by"],
        Rule::window => &["per"],
        Rule::requester => &["may"],
        _ => &[],
    }
}

fn is_operator(rule: Rule) -> bool {
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
            | Rule::range
            | Rule::is_absent
            | Rule::coalesce
            | Rule::add
            | Rule::subtract
            | Rule::multiply
            | Rule::divide
            | Rule::in_zone
            | Rule::logic_op
    )
}

/// What a rule is called.
fn thing(rule: Rule, block: Block) -> Option<&'static str> {
    Some(match rule {
        Rule::name | Rule::field_name | Rule::word | Rule::rule_name | Rule::names => "a name",
        Rule::variant => "a variant",
        Rule::outcome => "an outcome such as `allow`",
        Rule::target | Rule::targets => "a verb",
        Rule::path => match block {
            Block::File | Block::Policy => "a name",
            _ => "a verb",
        },
        Rule::text => "text in quotes",
        Rule::duration => "a length of time such as `15m`",
        Rule::integer => "a whole number",
        Rule::expr
        | Rule::clause
        | Rule::arith
        | Rule::operand
        | Rule::literal
        | Rule::reference
        | Rule::parens
        | Rule::list
        | Rule::choice
        | Rule::measure => "a value",
        Rule::record_value | Rule::fields | Rule::members | Rule::verb_body => "`{`",
        Rule::type_expr | Rule::plain_type | Rule::money_type | Rule::zoned_time => "a type",
        Rule::field | Rule::fn_param => "a parameter",
        Rule::pattern | Rule::pattern_one | Rule::arm => "a pattern",
        Rule::approver | Rule::approvers => "`role`, `user` or `identity`",
        Rule::named_args | Rule::args => "`(`",
        Rule::bound_op => "`<=` and a bound",
        Rule::walked => "a name and `in`",
        Rule::step => "a step such as `given`, `call` or `approve`",
        _ => return None,
    })
}

/// The sign that a rule is.
fn sign(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::arrow => "`->`",
        Rule::fat_arrow => "`=>`",
        Rule::left_paren => "`(`",
        Rule::right_paren => "`)`",
        Rule::left_brace => "`{`",
        Rule::right_bracket => "`]`",
        Rule::left_bracket => "`[`",
        Rule::comma => "a comma",
        Rule::right_angle => "`>`",
        _ => return None,
    })
}

/// How a whole one reads.
fn example(block: Block, head: &str) -> Option<&'static str> {
    Some(match (block, head) {
        (Block::File, "policy") => "policy acme.refunds { version \"1.0.0\" }",
        (Block::File, "use") => "use std.risk",
        (Block::File, "enum") => "enum OrderStatus { open, closed as \"CLOSED\" }",
        (Block::File, "role") => "role support_lead, sre",
        (Block::File, "risk") => "risk money bounded by gate, limit",
        (Block::File, "identity") => "identity { user { tier: Text } }",
        (Block::File, "source") => "source shop_records \"Shopify\" { … }",
        (_, "record") => "record Order by id { id: Text, total: Money(USD) }",
        (Block::File, "tool") => "tool shop on mcp \"shopify\" { … }",
        (_, "let") => "let late = now - order.placed_at > 30d",
        (Block::File, "fn") => "fn fits(order: Order, amount: Money(USD)) -> Bool = amount <= order.total",
        (Block::File, "job") => "job triage_refunds { … }",
        (Block::File, "rules") => "rules common { … }",
        (Block::File, "fixture") => "fixture delivered { … }",
        (Block::File, "test") => "test \"a small refund passes\" with delivered { … }",
        (Block::File, "prove") => "prove \"nothing is deleted\" { … }",
        (Block::Source, "fetch") => "fetch Order with shop.get_order(order: id)",
        (Block::Source, "fresh") => "fresh for 15m",
        (Block::Fields, _) => "total: Money(USD) from \"amounts.total\"",
        (Block::Enum, _) => "closed as \"CLOSED\"",
        (Block::Tool, "read") => "read get_order(order: Key<Order>) -> Order",
        (Block::Tool, "write") => "write refund(order: Key<Order>, amount: Money(USD)) -> Refund { risk money }",
        (Block::Tool, "ignore") => "ignore list_locations, count_orders",
        (Block::Verb, "changes") => "changes Order[order], Invoice[order]",
        (Block::Verb, "undo") => "undo void_refund(refund: result.id) within 24h",
        (Block::Verb, "no") => "no effect on [\"declined\"]",
        (Block::Verb, "risk") => "risk money",
        (Block::Verb, "retain") => "retain 30d",
        (Block::Verb, "compensates") => "compensates refund",
        (Block::Rules, "purpose") => "purpose \"Resolve refund requests.\"",
        (Block::Rules, "input") => "input { ticket: Text, request: Text untrusted }",
        (Block::Rules, "environment") => "environment { region: Text }",
        (Block::Rules, "signal") => "signal reason: Reason claim",
        (Block::Rules, "done") => "done when happened(shop.refund)",
        (Block::Rules, "include") => "include common",
        (Block::Rules, "allow") => "allow write shop.refund when amount <= order.total",
        (Block::Rules, "never") => "never shop.delete_customer because \"…\"",
        (Block::Rules, "gate") => "gate large_refund on shop.refund when amount > 50 USD { approvers role support_lead }",
        (Block::Rules, "escalate") => "escalate disputed on shop.refund when order.total != Invoice[order].total",
        (Block::Rules, "on") => "on failure of shop.refund after 2 tries escalate",
        (Block::Rules, "require") => "require looked on shop.refund: shop.get_order(order: order) within 15m",
        (Block::Rules, "limit") => "limit daily on shop.refund: sum(amount) <= 500 USD per day else escalate",
        (Block::Rules, "handoff") => "handoff to \"support-leads\" { show trace }",
        (Block::Rules, "pause") => "pause by role support_lead, role sre",
        (Block::Rules, "resume") => "resume by role sre",
        (Block::Rules, "undo") => "undo by role support_lead",
        (Block::Rules, "when" | "unless") => "when order.customer == input.customer { … }",
        (Block::Gate, "approvers") => "approvers role support_lead",
        (Block::Gate, "expires") => "expires 4h else escalate",
        (Block::Gate | Block::Handoff, "show") => "show order, amount, input.request",
        (_, "because") => "because \"Refunds above 50 USD are a commitment.\"",
        (Block::Handoff, "expect") => "expect \"Decide the refund by hand.\"",
        (_, "input") => "input { ticket: \"T-1\" }",
        (_, "at") => "at 2026-05-04T10:00:00Z",
        (_, "given") => "given Order[\"A-1\"] { total: 40 USD }",
        (Block::Test, "call") => "call shop.refund(order: \"A-1\", amount: 40 USD) expect allow",
        (Block::Test, "approve") => "approve large_refund by \"ann\" as support_lead expect allow",
        (Block::Test, "after") => "after 10m",
        (Block::Test, "signal") => "signal confidence 0.6",
        (Block::Test, "pause") => "pause by \"ann\" as sre",
        (Block::Test, "undo") => "undo shop.refund by \"ann\" as support_lead",
        (Block::Test, "usage") => "usage { cost: 1 USD }",
        (Block::Prove, "never") => "never allow shop.refund when order.customer != input.customer",
        (Block::Prove, "always") => "always allow shop.refund when amount <= 50 USD",
        (Block::Prove, "every") => "every write where irreversible is gated or denied",
        (Block::Prove, "limit") => "limit daily holds",
        (Block::Prove, _) => "shop.refund when amount > 50 USD needs approval by role support_lead",
        _ => return None,
    })
}
