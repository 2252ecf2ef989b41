//! A placed picture as an SVG document: one file, no scripts, nothing loaded from elsewhere.

use super::measure::{unmarked, width};
use super::place::{Boxed, Edge, HEAD, Line, OUTCOME_HEIGHT, OUTCOME_WIDTH, Rect, Set, placed};
use super::shape::{colours, outline};
use super::{Outcome, Picture};
use maud::{Markup, html};

const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif";
const INK: &str = "#1f2328";
const GREY: &str = "#57606a";

/// The document.
pub(super) fn document(picture: &Picture) -> String {
    let placed = placed(picture);
    let (w, h) = (placed.width, placed.height);
    let body = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(px(w)) height=(px(h)) viewBox=(format!("0 0 {} {}", px(w), px(h)))
            role="img" aria-label=(format!("Decision graph of {}", picture.title)) font-family=(FONT) {
            title { "Decision graph of " (picture.title) }
            defs { (markers()) }
            rect width="100%" height="100%" fill="#ffffff" {}
            text x="24" y="30" font-size="18" font-weight="600" fill=(INK) { (picture.title) }
            text x="24" y="50" font-size="12" fill=(GREY) {
                (picture.policy) " · the first row that applies decides"
                @if picture.is_folded() { " · rules are folded, one box for each row of the decision" }
            }
            @for band in &placed.bands { (ground(band, w)) }
            @for edge in &placed.edges { (line(edge)) }
            @for boxed in &placed.boxes { (drawn(boxed)) }
            @for (outcome, at) in &placed.outcomes { (answer(*outcome, at)) }
            @for text in &placed.texts { @if !text.text.is_empty() { (set(text)) } }
            (legend(placed.legend, picture))
        }
    };
    format!("{}\n", body.into_string())
}

/// A coordinate, to a tenth of a pixel.
fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn markers() -> Markup {
    let marker = |name: &str, colour: &str| {
        html! {
            marker id=(format!("to-{name}")) viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" {
                path d="M0 0.5L8 4L0 7.5Z" fill=(colour) {}
            }
        }
    };
    html! {
        (marker("next", GREY))
        @for outcome in Outcome::ALL { (marker(outcome.word(), colours(outcome).0)) }
    }
}

fn ground(band: &Rect, page: f64) -> Markup {
    html! { rect x=(px(band.x)) y=(px(band.y)) width=(px(page - 2.0 * band.x)) height=(px(band.h)) rx="8" fill="#f6f8fa" {} }
}

fn line(edge: &Edge) -> Markup {
    let points: Vec<String> = edge.points.iter().map(|(x, y)| format!("{} {}", px(*x), px(*y))).collect();
    let (name, colour) = edge.to.map_or(("next", GREY), |outcome| (outcome.word(), colours(outcome).0));
    let marker = edge.arrow.then(|| format!("url(#to-{name})"));
    html! {
        path d=(format!("M{}", points.join("L"))) fill="none" stroke=(colour) stroke-width="1.3" marker-end=[marker] {}
    }
}

fn drawn(boxed: &Boxed) -> Markup {
    let at = &boxed.at;
    let fill = if boxed.is_start { INK } else { "#ffffff" };
    html! {
        g {
            title { (boxed.whole) }
            rect x=(px(at.x)) y=(px(at.y)) width=(px(at.w)) height=(px(at.h)) rx="6" fill=(fill) stroke="#8c959f" {}
            @if let Some(outcome) = boxed.stripe {
                rect x=(px(at.x)) y=(px(at.y + 6.0)) width="4" height=(px(at.h - 12.0)) fill=(colours(outcome).0) {}
            }
            @for text in &boxed.lines {
                @if boxed.is_start {
                    text x=(px(text.x)) y=(px(text.y)) font-size="12" font-weight="600" fill="#ffffff" { (text.text) }
                } @else {
                    (set(text))
                }
            }
        }
    }
}

fn set(line: &Line) -> Markup {
    let (size, weight, style, colour) = match line.set {
        Set::Head => ("12", "600", None, INK),
        Set::Band => ("12", "600", None, GREY),
        Set::Quoted => ("11", "400", Some("italic"), INK),
        Set::Body => ("11", "400", None, "#424a53"),
        Set::Small => ("10", "400", None, GREY),
    };
    html! {
        text x=(px(line.x)) y=(px(line.y)) font-size=(size) font-weight=(weight) font-style=[style] fill=(colour) { (line.text) }
    }
}

fn answer(outcome: Outcome, at: &Rect) -> Markup {
    let (ink, paper) = colours(outcome);
    let shift = if outcome == Outcome::Need { 3.0 } else { 0.0 };
    let x = at.x + (at.w - width(outcome.word(), HEAD)) / 2.0;
    let middle = x + width(outcome.word(), HEAD) / 2.0;
    html! {
        g {
            title { (outcome.word()) ": " (outcome.meaning()) }
            path d=(outline(outcome, at.x, at.y, at.w, at.h)) fill=(paper) stroke=(ink) stroke-width="1.6" {}
            text x=(px(middle)) y=(px(at.y + at.h / 2.0 + 4.0 + shift)) text-anchor="middle" font-size="12" font-weight="600" fill=(ink) {
                (outcome.word())
            }
        }
    }
}

fn legend(top: f64, picture: &Picture) -> Markup {
    let mut x = 24.0;
    let entries: Vec<(Outcome, f64)> = Outcome::ALL
        .into_iter()
        .map(|outcome| {
            let at = x;
            x += OUTCOME_WIDTH + 36.0;
            (outcome, at)
        })
        .collect();
    html! {
        text x="24" y=(px(top + 4.0)) font-size="11" fill=(GREY) {
            "A coloured line leaves where a rule applies, a grey one goes on. Rest the pointer on a box for its whole text."
        }
        @for (outcome, x) in entries {
            (answer(outcome, &Rect { x, y: top + 16.0, w: OUTCOME_WIDTH, h: OUTCOME_HEIGHT }))
            @for (line, number) in meaning(outcome).iter().zip(0_u8..) {
                text x=(px(x)) y=(px(top + 60.0 + 13.0 * f64::from(number))) font-size="10" fill=(GREY) { (line) }
            }
        }
        @for (note, number) in picture.notes.iter().zip(0_u8..) {
            text x="24" y=(px(top + 90.0 + 15.0 * f64::from(number))) font-size="11" fill=(GREY) { (unmarked(note)) }
        }
    }
}

/// What an outcome means, in lines as wide as its place in the legend.
fn meaning(outcome: Outcome) -> Vec<String> {
    super::measure::lines(outcome.meaning(), super::place::SMALL, OUTCOME_WIDTH + 28.0, 3)
}
