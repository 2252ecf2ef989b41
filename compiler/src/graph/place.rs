//! Where everything of a picture stands.
//!
//! The rules of one rank of one lane are a cell: boxes one below the other, the outcomes to their right. The picture of a verb is its cells one
//! below the other; that of a job has a row for each lane and a column for each rank.

use super::measure::{Type, lines, unmarked, width};
use super::{Outcome, Picture, Rank, Shown, Step};

pub(super) const HEAD: Type = Type { size: 12.0, bold: true };
pub(super) const BODY: Type = Type { size: 11.0, bold: false };
pub(super) const SMALL: Type = Type { size: 10.0, bold: false };
pub(super) const OUTCOME_HEIGHT: f64 = 30.0;
pub(super) const OUTCOME_WIDTH: f64 = 92.0;

const BOX: f64 = 300.0;
const PAD: f64 = 10.0;
const LINE: f64 = 15.0;
const BETWEEN: f64 = 24.0;
const MARGIN: f64 = 24.0;
const LABELS: f64 = 150.0;
const TITLE: f64 = 64.0;

/// A text at the left end of its base line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
    pub(super) set: Set,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// A rule's word and name.
    Head,
    /// The author's words.
    Quoted,
    /// The condition.
    Body,
    /// Places, labels of edges.
    Small,
    /// The heading of a band.
    Band,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Rect {
    fn middle(&self) -> f64 {
        self.y + self.h / 2.0
    }
    fn right(&self) -> f64 {
        self.x + self.w
    }
    fn bottom(&self) -> f64 {
        self.y + self.h
    }
}

/// A box of rules.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Boxed {
    pub(super) at: Rect,
    pub(super) lines: Vec<Line>,
    /// Everything it says, uncut.
    pub(super) whole: String,
    /// The outcome that it leads to; `None` for a start.
    pub(super) stripe: Option<Outcome>,
    pub(super) is_start: bool,
}

/// A line from one thing to another, with right angles.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edge {
    pub(super) points: Vec<(f64, f64)>,
    /// The outcome that it leads to.
    pub(super) to: Option<Outcome>,
    pub(super) arrow: bool,
}

/// Everything in its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Placed {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) bands: Vec<Rect>,
    pub(super) boxes: Vec<Boxed>,
    pub(super) outcomes: Vec<(Outcome, Rect)>,
    pub(super) edges: Vec<Edge>,
    pub(super) texts: Vec<Line>,
    /// Where the legend stands.
    pub(super) legend: f64,
}

/// The rules of one rank of a lane, with their size.
struct Cell<'p> {
    rank: Rank,
    steps: Vec<(&'p Step, Vec<Line>, f64)>,
    gap: f64,
    height: f64,
}

/// The first and the last box of a cell once it is placed.
struct Ends {
    first: Rect,
    last: Rect,
    onward: Option<&'static str>,
    has_exits: bool,
}

/// Puts a picture in place.
pub(super) fn placed(picture: &Picture) -> Placed {
    let mut placed = Placed::default();
    if picture.of_one_verb {
        placed.verb(picture)
    } else {
        placed.job(picture)
    }
    placed.legend = placed.height;
    placed.height += legend_height(picture);
    placed.width = placed.width.max(860.0);
    placed
}

fn legend_height(picture: &Picture) -> f64 {
    let notes = f64::from(u16::try_from(picture.notes.len()).unwrap_or(u16::MAX));
    96.0 + notes * LINE
}

fn cells<'p>(steps: impl Iterator<Item = &'p Step>) -> Vec<Cell<'p>> {
    let mut cells: Vec<Cell<'p>> = Vec::new();
    for step in steps {
        let (lines, height) = content(step);
        let height = height.max(outcomes_height(step));
        let gap = step.exits.iter().map(|exit| width(exit.label, SMALL)).fold(0.0, f64::max) + 34.0;
        match cells.last_mut().filter(|cell| cell.rank == step.rank) {
            Some(cell) => {
                cell.height += BETWEEN + height;
                cell.gap = cell.gap.max(gap);
                cell.steps.push((step, lines, height));
            }
            None => cells.push(Cell { rank: step.rank, steps: vec![(step, lines, height)], gap, height }),
        }
    }
    cells
}

impl Cell<'_> {
    fn width(&self) -> f64 {
        let exits = self.steps.iter().any(|(step, ..)| !step.exits.is_empty());
        if exits { BOX + self.gap + OUTCOME_WIDTH } else { BOX }
    }
}

fn outcomes_height(step: &Step) -> f64 {
    let exits = f64::from(u16::try_from(step.exits.len()).unwrap_or(u16::MAX));
    exits * (OUTCOME_HEIGHT + 8.0)
}

/// What a box says, in lines from its own corner, and its height.
fn content(step: &Step) -> (Vec<Line>, f64) {
    let inner = BOX - 2.0 * PAD;
    let mut column = Column { lines: Vec::new(), y: PAD };
    if step.folded {
        let (count, names) = step.summary();
        column.add(&count, Set::Head, inner, 2);
        column.add(&names, Set::Body, inner, 4);
        return (column.lines, column.y + PAD - 2.0);
    }
    for (number, rule) in step.rules.iter().enumerate() {
        if number > 0 {
            column.y += 4.0;
            column.add("or", Set::Small, inner, 1);
        }
        column.rule(rule, inner);
    }
    (column.lines, column.y + PAD - 2.0)
}

/// Lines one below the other.
struct Column {
    lines: Vec<Line>,
    y: f64,
}

impl Column {
    fn add(&mut self, text: &str, set: Set, widest: f64, most: usize) {
        let set_in = match set {
            Set::Head | Set::Band => HEAD,
            Set::Small => SMALL,
            Set::Quoted | Set::Body => BODY,
        };
        for text in lines(&unmarked(text), set_in, widest, most) {
            self.lines.push(Line { x: PAD, y: self.y + 11.0, text, set });
            self.y += LINE;
        }
    }

    fn rule(&mut self, rule: &Shown, inner: f64) {
        let head = if rule.word.is_empty() { rule.name.clone() } else { format!("{} {}", rule.word, rule.name) };
        let (head_width, place_width) = (width(&head, HEAD), width(&rule.place, SMALL));
        let beside = head_width + place_width + 12.0 <= inner;
        let y = self.y + 11.0;
        self.add(&head, Set::Head, inner, 2);
        if !rule.place.is_empty() {
            let y = if beside { y } else { self.y + 10.0 };
            self.lines.push(Line { x: PAD + inner - place_width, y, text: rule.place.clone(), set: Set::Small });
            self.y += if beside { 0.0 } else { LINE };
        }
        if let Some(because) = &rule.because {
            self.add(&format!("“{because}”"), Set::Quoted, inner, 6);
        }
        // What a rule measures comes first and its bound last: a condition that is cut says little.
        self.add(&rule.when, Set::Body, inner, 14);
        if let Some(then) = &rule.then {
            self.add(then, Set::Body, inner, 8);
        }
    }
}

/// Everything that a box stands for, for a pointer that rests on it.
fn whole(step: &Step) -> String {
    let rule = |rule: &Shown| {
        let because = rule.because.as_ref().map_or_else(String::new, |because| format!("\n“{because}”"));
        let then = rule.then.as_ref().map_or_else(String::new, |then| format!("\n{then}"));
        format!("{} {}  {}{because}\n{}{then}", rule.word, rule.name, rule.place, rule.when).trim().to_owned()
    };
    step.rules.iter().map(rule).collect::<Vec<_>>().join("\n\n")
}

impl Placed {
    /// One verb: its cells one below the other, each a band across the page.
    fn verb(&mut self, picture: &Picture) {
        let lane = picture.lanes.first();
        let cells = cells(picture.trunk.iter().chain(lane.into_iter().flat_map(|lane| &lane.steps)));
        let left = MARGIN + LABELS;
        let widest = cells.iter().map(Cell::width).fold(BOX, f64::max);
        self.width = left + widest + MARGIN;
        let names = lane.map_or_else(String::new, |lane| lane.verbs.join(", "));
        let names = lines(&format!("the agent wants {names}"), HEAD, BOX - 2.0 * PAD - 8.0, 3);
        let height = f64::from(u16::try_from(names.len()).unwrap_or(u16::MAX)) * LINE + 19.0;
        let start = Rect { x: left, y: TITLE + 8.0, w: BOX, h: height };
        self.start(&start, &names);
        let mut above = Ends { first: start.clone(), last: start.clone(), onward: None, has_exits: true };
        let mut y = start.bottom();
        for cell in &cells {
            let band = Rect { x: MARGIN, y: y + 12.0, w: 0.0, h: cell.height + 36.0 };
            self.band(&band, cell.rank);
            let ends = self.cell(cell, left, band.y + 20.0);
            self.down(&above, (ends.first.x + BOX / 2.0, ends.first.y));
            y = band.bottom();
            above = ends;
        }
        if lane.is_some_and(|lane| lane.allows) {
            let band = Rect { x: MARGIN, y: y + 12.0, w: 0.0, h: OUTCOME_HEIGHT + 36.0 };
            self.band(&band, Rank::Allowed);
            let at = Rect { x: left + (BOX - OUTCOME_WIDTH) / 2.0, y: band.y + 20.0, w: OUTCOME_WIDTH, h: OUTCOME_HEIGHT };
            self.down(&above, (left + BOX / 2.0, at.y));
            self.outcomes.push((Outcome::Allow, at));
            y = band.bottom();
        }
        self.height = y + MARGIN;
    }

    /// A job: what every call meets in a row of its own, then a row for each lane, with the ranks as columns.
    fn job(&mut self, picture: &Picture) {
        const START: f64 = 216.0;
        const APART: f64 = 64.0;
        let trunk = cells(picture.trunk.iter());
        let top = TITLE + 8.0;
        self.row(top, trunk.iter().map(|cell| cell.height).fold(0.0, f64::max) + 74.0);
        let left = MARGIN + 30.0;
        let start = Rect { x: left, y: top + 34.0, w: START, h: 34.0 };
        self.start(&start, &["the agent wants any call".to_owned()]);
        let mut before = Ends { first: start.clone(), last: start.clone(), onward: None, has_exits: false };
        let mut x = start.right() + APART;
        for cell in &trunk {
            self.heading(cell.rank, x, top + 18.0);
            let ends = self.cell(cell, x, top + 34.0);
            self.across(&before, &ends.first);
            x += cell.width() + APART;
            before = ends;
        }
        self.width = x;
        let mut y = top + trunk.iter().map(|cell| cell.height).fold(0.0, f64::max) + 74.0;

        // The columns, as wide as their widest cell.
        let lanes: Vec<Vec<Cell<'_>>> = picture.lanes.iter().map(|lane| cells(lane.steps.iter())).collect();
        let mut columns: Vec<(Rank, f64, f64)> = Vec::new();
        let mut x = start.right() + APART;
        for rank in [Rank::Forbids, Rank::Permits, Rank::Stops, Rank::Known, Rank::Asks, Rank::Allowed] {
            let of_rank = lanes.iter().flatten().filter(|cell| cell.rank == rank);
            let widest = match rank {
                Rank::Allowed => (width(rank.title(), HEAD) + width(rank.rows(), SMALL) + 16.0).max(OUTCOME_WIDTH),
                _ => of_rank.map(Cell::width).fold(0.0, f64::max),
            };
            if widest > 0.0 {
                columns.push((rank, x, widest));
                x += widest + APART;
            }
        }
        self.width = self.width.max(x);
        y += 30.0;
        for (rank, x, _) in &columns {
            self.heading(*rank, *x, y);
        }
        // From the trunk to every lane: down a spine at the left.
        let spine = MARGIN + 8.0;
        let from = (before.last.x + BOX / 2.0, before.last.bottom());
        let turn = y - 24.0;
        let label = before.onward.unwrap_or("");
        self.texts.push(Line {
            x: from.0 + 5.0,
            y: from.1 + 13.0,
            text: format!("{label}: then by what is called"),
            set: Set::Small,
        });
        y += 10.0;
        let mut lowest = turn;
        for (lane, cells) in picture.lanes.iter().zip(&lanes) {
            let names: Vec<String> = lane.verbs.iter().flat_map(|verb| lines(verb, HEAD, START - 2.0 * PAD - 8.0, 3)).collect();
            let names_height = f64::from(u16::try_from(names.len()).unwrap_or(u16::MAX)) * LINE + 2.0 * PAD;
            let height = cells.iter().map(|cell| cell.height + 22.0).fold(names_height, f64::max) + 28.0;
            self.row(y, height);
            let start = Rect { x: left, y: y + 14.0, w: START, h: names_height };
            self.start(&start, &names);
            let entry = start.y + 20.0;
            self.edges.push(Edge { points: vec![(spine, entry), (start.x, entry)], to: None, arrow: true });
            lowest = entry;
            let mut before = Ends { first: start.clone(), last: start, onward: None, has_exits: false };
            for cell in cells {
                let Some((_, x, _)) = columns.iter().find(|(rank, ..)| *rank == cell.rank) else { continue };
                let ends = self.cell(cell, *x, y + 14.0);
                self.across(&before, &ends.first);
                before = ends;
            }
            if let Some((_, x, _)) = columns.iter().find(|(rank, ..)| *rank == Rank::Allowed).filter(|_| lane.allows) {
                let at = Rect { x: *x, y: y + 14.0 + 20.0 - OUTCOME_HEIGHT / 2.0, w: OUTCOME_WIDTH, h: OUTCOME_HEIGHT };
                self.across(&before, &Rect { y: y + 14.0, ..at.clone() });
                self.outcomes.push((Outcome::Allow, at));
            }
            y += height + 8.0;
        }
        let points = vec![from, (from.0, turn), (spine, turn), (spine, lowest)];
        self.edges.push(Edge { points, to: None, arrow: false });
        self.height = y + MARGIN;
    }

    /// Places a cell with its corner there.
    fn cell(&mut self, cell: &Cell<'_>, x: f64, top: f64) -> Ends {
        let mut y = top;
        let mut rects: Vec<(&Step, Rect)> = Vec::new();
        for (step, lines, height) in &cell.steps {
            let at = Rect { x, y, w: BOX, h: *height };
            let lines = lines.iter().map(|line| Line { x: x + line.x, y: y + line.y, ..line.clone() }).collect();
            let stripe = match step.rank {
                Rank::Permits => Some(if step.onward.is_some() { Outcome::Allow } else { Outcome::Deny }),
                _ => step.exits.first().map(|exit| exit.outcome),
            };
            self.boxes.push(Boxed { at: at.clone(), lines, whole: whole(step), stripe, is_start: false });
            if let Some((above, from)) = rects.last() {
                let middle = x + BOX / 2.0;
                self.edges.push(Edge { points: vec![(middle, from.bottom()), (middle, at.y)], to: None, arrow: true });
                let label = above.onward.unwrap_or("").to_owned();
                self.texts.push(Line { x: middle + 5.0, y: from.bottom() + 15.0, text: label, set: Set::Small });
            }
            y += height + BETWEEN;
            rects.push((step, at));
        }
        self.exits(&rects, x + BOX + cell.gap);
        let first = rects.first().map_or(Rect { x, y, w: BOX, h: 0.0 }, |(_, at)| at.clone());
        let last = rects.last().map_or(first.clone(), |(_, at)| at.clone());
        let end = rects.last().map(|(step, _)| *step);
        Ends { first, last, onward: end.and_then(|step| step.onward), has_exits: end.is_some_and(|step| !step.exits.is_empty()) }
    }

    /// The outcomes of a cell: one for neighbours that lead to the same, between them.
    fn exits(&mut self, rects: &[(&Step, Rect)], x: f64) {
        let bus = x - 16.0;
        let mut at = 0;
        while let Some((step, rect)) = rects.get(at) {
            let sole = |step: &Step| if let [exit] = step.exits.as_slice() { Some(*exit) } else { None };
            let Some(exit) = sole(step) else {
                let mut y = rect.middle() - outcomes_height(step) / 2.0 + 4.0;
                for exit in &step.exits {
                    let middle = y + OUTCOME_HEIGHT / 2.0;
                    self.leave(rect.right(), middle, exit.label);
                    self.edges.push(Edge {
                        points: vec![(rect.right(), middle), (x, middle)],
                        to: Some(exit.outcome),
                        arrow: true,
                    });
                    self.outcomes.push((exit.outcome, Rect { x, y, w: OUTCOME_WIDTH, h: OUTCOME_HEIGHT }));
                    y += OUTCOME_HEIGHT + 8.0;
                }
                at = at.saturating_add(1);
                continue;
            };
            let group: Vec<&Rect> = rects
                .iter()
                .skip(at)
                .take_while(|(other, _)| sole(other).is_some_and(|other| other.outcome == exit.outcome))
                .map(|(_, rect)| rect)
                .collect();
            let last = group.last().map_or(rect.middle(), |rect| rect.middle());
            let middle = (rect.middle() + last) / 2.0;
            for ((step, rect), _) in rects.iter().skip(at).zip(&group) {
                let label = sole(step).map_or("", |exit| exit.label);
                self.leave(rect.right(), rect.middle(), label);
                let points = vec![(rect.right(), rect.middle()), (bus, rect.middle()), (bus, middle)];
                self.edges.push(Edge { points, to: Some(exit.outcome), arrow: false });
            }
            self.edges.push(Edge { points: vec![(bus, middle), (x, middle)], to: Some(exit.outcome), arrow: true });
            let y = middle - OUTCOME_HEIGHT / 2.0;
            self.outcomes.push((exit.outcome, Rect { x, y, w: OUTCOME_WIDTH, h: OUTCOME_HEIGHT }));
            at = at.saturating_add(group.len());
        }
    }

    fn leave(&mut self, x: f64, y: f64, label: &str) {
        self.texts.push(Line { x: x + 6.0, y: y - 4.0, text: label.to_owned(), set: Set::Small });
    }

    /// From the last box of a cell down to the next.
    fn down(&mut self, from: &Ends, to: (f64, f64)) {
        self.edges.push(Edge { points: vec![(to.0, from.last.bottom()), to], to: None, arrow: true });
        let label = from.onward.unwrap_or("").to_owned();
        self.texts.push(Line { x: to.0 + 5.0, y: from.last.bottom() + 13.0, text: label, set: Set::Small });
    }

    /// From the last box of a cell to the first of the next to its right.
    fn across(&mut self, from: &Ends, to: &Rect) {
        let entry = (to.x, to.y + 20.0);
        let gutter = to.x - 22.0;
        let last = &from.last;
        let points = if from.has_exits {
            let (middle, below) = (last.x + last.w / 2.0, last.bottom() + 18.0);
            let label = from.onward.unwrap_or("").to_owned();
            self.texts.push(Line { x: middle + 5.0, y: below - 4.0, text: label, set: Set::Small });
            vec![(middle, last.bottom()), (middle, below), (gutter, below), (gutter, entry.1), entry]
        } else {
            let label = from.onward.unwrap_or("").to_owned();
            self.texts.push(Line { x: last.right() + 5.0, y: entry.1 - 4.0, text: label, set: Set::Small });
            vec![(last.right(), last.y + 20.0), (gutter, last.y + 20.0), (gutter, entry.1), entry]
        };
        self.edges.push(Edge { points, to: None, arrow: true });
    }

    fn start(&mut self, at: &Rect, names: &[String]) {
        let lines = names
            .iter()
            .zip(0_u16..)
            .map(|(name, number)| Line {
                x: at.x + PAD + 2.0,
                y: at.y + PAD + 12.0 + f64::from(number) * LINE,
                text: name.clone(),
                set: Set::Head,
            })
            .collect();
        self.boxes.push(Boxed { at: at.clone(), lines, whole: names.join(", "), stripe: None, is_start: true });
    }

    /// A band across the page, with its heading at the left.
    fn band(&mut self, at: &Rect, rank: Rank) {
        self.bands.push(at.clone());
        let mut y = at.y + 24.0;
        for text in lines(rank.title(), HEAD, LABELS - 24.0, 3) {
            self.texts.push(Line { x: at.x + 12.0, y, text, set: Set::Band });
            y += LINE;
        }
        self.texts.push(Line { x: at.x + 12.0, y, text: rank.rows().to_owned(), set: Set::Small });
    }

    /// The heading of a column.
    fn heading(&mut self, rank: Rank, x: f64, y: f64) {
        self.texts.push(Line { x, y, text: rank.title().to_owned(), set: Set::Band });
        self.texts.push(Line { x: x + width(rank.title(), HEAD) + 8.0, y, text: rank.rows().to_owned(), set: Set::Small });
    }

    /// The ground of a row. It is as wide as the page, which is known at the end.
    fn row(&mut self, y: f64, h: f64) {
        self.bands.push(Rect { x: MARGIN, y, w: 0.0, h });
    }
}
