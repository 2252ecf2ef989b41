//! A plot as SVG: time of a decision by the number of rules, both axes logarithmic.

use super::table::{number, time};
use crate::measure::Row;
use crate::results::Results;
use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 50.0;

/// Told apart by people with any colour vision: the palette of Okabe and Ito, and grey.
const COLOURS: [&str; 9] = ["#000000", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#a0522d"];

/// A line of the plot.
struct Line<'a> {
    title: &'a str,
    points: Vec<(f64, f64)>,
}

/// The agents' workload, requests prepared.
#[must_use]
pub fn agents(results: &Results) -> String {
    let mut engines: Vec<&str> = Vec::new();
    for row in results.agents.iter().flat_map(|case| &case.rows).filter(|row| row.prepared.is_some()) {
        if !engines.contains(&row.engine.as_str()) {
            engines.push(&row.engine);
        }
    }
    let lines: Vec<Line<'_>> = engines
        .into_iter()
        .map(|engine| {
            let mean = |row: &Row| row.prepared.as_ref().map(|times| times.mean);
            let points = results.agents.iter().filter_map(|case| Some((case.size as f64, mean(case.row(engine)?)?)));
            Line { title: results.titles.get(engine).map_or(engine, String::as_str), points: points.collect() }
        })
        .collect();
    draw(&lines)
}

fn draw(lines: &[Line<'_>]) -> String {
    let all = || lines.iter().flat_map(|line| &line.points);
    let (Some(x_axis), Some(y_axis)) = (Axis::of(all().map(|point| point.0)), Axis::of(all().map(|point| point.1))) else {
        return String::new();
    };
    let x = |value: f64| LEFT + x_axis.share(value) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - y_axis.share(value) * (HEIGHT - TOP - BOTTOM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"{LEFT}\" y=\"18\">time of a decision, requests prepared</text>\n"
    );
    for power in y_axis.powers() {
        let at = y(power);
        let _ = writeln!(svg, "<path d=\"M{LEFT} {at:.1}H{}\" stroke=\"#ddd\"/>", WIDTH - RIGHT);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", LEFT - 6.0, at + 4.0, round(power));
    }
    for power in x_axis.powers() {
        let at = x(power);
        let _ = writeln!(svg, "<path d=\"M{at:.1} {TOP}V{}\" stroke=\"#ddd\"/>", HEIGHT - BOTTOM);
        let words = number(power.round() as usize);
        let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{words}</text>", HEIGHT - BOTTOM + 18.0);
    }
    let _ =
        writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">rules</text>", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12.0);
    let mut labels: Vec<(f64, &str, &str)> = Vec::new();
    for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
        let path: Vec<String> = line.points.iter().map(|point| format!("{:.1} {:.1}", x(point.0), y(point.1))).collect();
        let width = if line.title.starts_with("agentc") { 3 } else { 1 };
        let _ = writeln!(svg, "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>", path.join("L"));
        for point in &line.points {
            let _ = writeln!(svg, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>", x(point.0), y(point.1));
        }
        if let Some(last) = line.points.last() {
            labels.push((y(last.1), line.title, colour));
        }
    }
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut below = TOP;
    for (at, title, colour) in labels {
        let at = at.max(below);
        below = at + 14.0;
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
            WIDTH - RIGHT + 10.0,
            at + 4.0,
            escaped(title)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// From one power of ten to another.
struct Axis {
    low: i32,
    high: i32,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = (low.log10().floor() as i32, high.log10().ceil() as i32);
        (low <= high).then_some(Self { low, high: high.max(low + 1) })
    }

    fn share(&self, value: f64) -> f64 {
        (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low)
    }

    fn powers(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|power| 10_f64.powi(power))
    }
}

/// `100 ns`, without the digits that a measured time has.
fn round(power: f64) -> String {
    let words = time(power);
    words.replace(".00", "").replace(".0 ", " ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
