//! Pictures of the examples: everything fits, nothing overlaps, what is large is folded.

use super::measure::width;
use super::place::{BODY, HEAD, OUTCOME_HEIGHT, OUTCOME_WIDTH, Placed, Rect, SMALL, Set, placed};
use super::{Folding, Outcome, Picture, READABLE, Rank, draw};
use crate::source::Loader;
use crate::typed::{JobId, SourceFile, Typed, VerbId};
use std::sync::OnceLock;

struct Beside;

impl Loader for Beside {
    fn load(&self, module: &str) -> Option<SourceFile> {
        let text = include_str!("../../../examples/leads/crm.agentpolicy");
        (module == "crm").then(|| SourceFile { name: "crm.agentpolicy".into(), text: text.into() })
    }
}

fn example(name: &str, text: &str) -> Typed {
    let root = SourceFile { name: name.into(), text: text.into() };
    crate::compile(root, &Beside, &agentc_stdlib::library()).typed.unwrap_or_else(|| panic!("{name} does not compile"))
}

/// The examples, compiled once for all tests.
fn examples() -> &'static [Typed] {
    static EXAMPLES: OnceLock<Vec<Typed>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        vec![
            example("refunds.agentpolicy", include_str!("../../../examples/refunds/refunds.agentpolicy")),
            example("leads.agentpolicy", include_str!("../../../examples/leads/leads.agentpolicy")),
            example("airline.agentpolicy", include_str!("../../../examples/airline/airline.agentpolicy")),
        ]
    })
}

/// Every picture of every example: jobs folded and not, each verb of each job.
fn pictures() -> Vec<Picture> {
    let mut pictures = Vec::new();
    for typed in examples() {
        for job in (0..).map(JobId).take(typed.jobs.len()) {
            pictures.push(draw(typed, job, None, Folding::Large));
            pictures.push(draw(typed, job, None, Folding::Nothing));
            for verb in (0..).map(VerbId).take(typed.verbs.len()) {
                pictures.push(draw(typed, job, Some(verb), Folding::Large));
            }
        }
    }
    assert!(pictures.len() > 60);
    pictures
}

fn set(of: Set) -> super::measure::Type {
    match of {
        Set::Head | Set::Band => HEAD,
        Set::Small => SMALL,
        Set::Quoted | Set::Body => BODY,
    }
}

#[test]
fn every_text_fits_its_box() {
    for picture in pictures() {
        let placed = placed(&picture);
        for boxed in &placed.boxes {
            for line in &boxed.lines {
                let right = line.x + width(&line.text, set(line.set));
                let what = (&picture.title, &line.text);
                assert!(right <= boxed.at.x + boxed.at.w - 4.0, "{what:?} ends at {right}, its box at {:?}", boxed.at);
                assert!(line.x >= boxed.at.x && line.y - 9.0 >= boxed.at.y, "{what:?} begins outside of its box");
                assert!(line.y + 3.0 <= boxed.at.y + boxed.at.h, "{what:?} is below its box");
            }
        }
        for outcome in Outcome::ALL {
            assert!(width(outcome.word(), HEAD) + 20.0 <= OUTCOME_WIDTH, "{}", outcome.word());
        }
    }
}

fn meet(one: &Rect, other: &Rect) -> bool {
    one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h
}

fn solids(placed: &Placed) -> Vec<&Rect> {
    placed.boxes.iter().map(|boxed| &boxed.at).chain(placed.outcomes.iter().map(|(_, at)| at)).collect()
}

#[test]
fn nothing_lies_over_another() {
    for picture in pictures() {
        let placed = placed(&picture);
        let solids = solids(&placed);
        for (number, one) in solids.iter().enumerate() {
            for other in solids.iter().skip(number + 1) {
                assert!(!meet(one, other), "{}: {one:?} and {other:?}", picture.title);
            }
            assert!(
                one.x + one.w <= placed.width && one.y + one.h <= placed.height,
                "{}: {one:?} leaves the page",
                picture.title
            );
        }
    }
}

#[test]
fn no_line_crosses_a_box() {
    for picture in pictures() {
        let placed = placed(&picture);
        for edge in &placed.edges {
            for pair in edge.points.windows(2) {
                let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
                assert!(x0 == x1 || y0 == y1, "{}: {edge:?} is not at right angles", picture.title);
                // A hair's breadth inside, so that an end that touches a box is no crossing.
                let line = Rect { x: x0.min(x1) + 0.2, y: y0.min(y1) + 0.2, w: (x1 - x0).abs() - 0.4, h: (y1 - y0).abs() - 0.4 };
                let line = Rect { w: line.w.max(0.0), h: line.h.max(0.0), ..line };
                for solid in solids(&placed) {
                    let inner = Rect { x: solid.x + 1.0, y: solid.y + 1.0, w: solid.w - 2.0, h: solid.h - 2.0 };
                    let crosses = line.x < inner.x + inner.w
                        && inner.x < line.x + line.w
                        && line.y < inner.y + inner.h
                        && inner.y < line.y + line.h;
                    assert!(!crosses, "{}: {edge:?} crosses {solid:?}", picture.title);
                }
            }
        }
    }
}

#[test]
fn large_pictures_are_folded_and_small_ones_are_not() {
    let examples = examples();
    let refunds = draw(&examples[0], JobId(0), None, Folding::Large);
    assert!(refunds.boxes() <= READABLE && !refunds.is_folded());
    let airline = draw(&examples[2], JobId(0), None, Folding::Large);
    let whole = draw(&examples[2], JobId(0), None, Folding::Nothing);
    assert!(whole.boxes() > READABLE && airline.is_folded() && !whole.is_folded());
    assert!(airline.boxes() < whole.boxes(), "{} of {} boxes are left", airline.boxes(), whole.boxes());
    for steps in airline.lanes.iter().map(|lane| &lane.steps).chain([&airline.trunk]) {
        assert!(steps.windows(2).all(|pair| pair[0].rank < pair[1].rank), "a rank has more than one box");
    }
    // Folding hides words, never a rule: each is counted and named.
    let rules = |picture: &Picture| {
        let steps = picture.lanes.iter().flat_map(|lane| lane.steps.iter().map(move |step| (lane.verbs.clone(), step)));
        let mut names: Vec<String> =
            steps.flat_map(|(verbs, step)| step.rules.iter().map(move |rule| format!("{verbs:?} {}", rule.name))).collect();
        names.sort();
        names
    };
    assert_eq!(rules(&airline), rules(&whole));
    let booking = airline.lanes.iter().find(|lane| lane.verbs == ["airline.book_reservation"]).unwrap();
    let forbids = booking.steps.iter().find(|step| step.rank == Rank::Forbids).unwrap();
    assert_eq!(forbids.summary().0, "14 rules can forbid it");
    assert!(airline.svg().contains("14 rules can forbid it") && !whole.svg().contains("14 rules can forbid it"));
}

#[test]
fn outcomes_differ_without_colour() {
    let outlines: Vec<String> =
        Outcome::ALL.into_iter().map(|outcome| super::shape::outline(outcome, 0.0, 0.0, OUTCOME_WIDTH, OUTCOME_HEIGHT)).collect();
    for (number, one) in outlines.iter().enumerate() {
        assert!(!outlines.iter().skip(number + 1).any(|other| other == one));
    }
}

#[test]
fn names_of_any_shape_are_drawn_as_text() {
    let policy = r#"policy p { version "1" }
tool t { write act(amount: Int) as "a\"c<t>" { irreversible } }
job j {
  purpose "x"
  allow write t.act
  never t.act when amount > 5 because "a \"quote\" <b>bold</b> & `code`; #1 \\ end"
}"#;
    let typed = example("p", policy);
    let picture = draw(&typed, JobId(0), None, Folding::Large);
    assert!(picture.svg().contains("“a &quot;quote&quot; &lt;b&gt;bold&lt;/b&gt; &amp; “code”; #1 \\ end”"), "{}", picture.svg());
    assert!(picture.dot().contains(r#"“a \"quote\" <b>bold</b> & “code”; #1 \\ end”"#), "{}", picture.dot());
    let mermaid = picture.mermaid();
    assert!(mermaid.contains("“a #34;quote#34; #60;b#62;bold#60;/b#62; #38; “code”#59; #35;1 #92; end”"), "{mermaid}");
}
