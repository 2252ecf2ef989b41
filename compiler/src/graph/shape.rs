//! Outcomes as shapes: told apart without colour.

use super::Outcome;

/// Ink and paper of an outcome.
pub(super) fn colours(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Allow => ("#1a7f37", "#dafbe1"),
        Outcome::Approval => ("#9a6700", "#fff8c5"),
        Outcome::Need => ("#0969da", "#ddf4ff"),
        Outcome::Deny => ("#cf222e", "#ffebe9"),
        Outcome::Escalate => ("#8250df", "#fbefff"),
        Outcome::Paused => ("#57606a", "#eaeef2"),
    }
}

/// The outline of an outcome, as the data of an SVG path: allow a pill, approval a hexagon, need a cylinder, deny an octagon, escalate a
/// pennant, paused a plate between two bars.
pub(super) fn outline(outcome: Outcome, x: f64, y: f64, w: f64, h: f64) -> String {
    let (right, bottom, middle) = (x + w, y + h, y + h / 2.0);
    match outcome {
        Outcome::Allow => {
            let r = h / 2.0;
            format!("M{} {y}H{}A{r} {r} 0 0 1 {} {bottom}H{}A{r} {r} 0 0 1 {} {y}Z", x + r, right - r, right - r, x + r, x + r)
        }
        Outcome::Approval => {
            let c = h / 2.0;
            format!("M{} {y}H{}L{right} {middle}L{} {bottom}H{}L{x} {middle}Z", x + c, right - c, right - c, x + c)
        }
        Outcome::Need => {
            let r = 5.0;
            let half = w / 2.0;
            format!(
                "M{x} {}A{half} {r} 0 0 1 {right} {}V{}A{half} {r} 0 0 1 {x} {}ZM{x} {}A{half} {r} 0 0 0 {right} {}",
                y + r,
                y + r,
                bottom - r,
                bottom - r,
                y + r,
                y + r
            )
        }
        Outcome::Deny => {
            let c = 9.0;
            format!(
                "M{} {y}H{}L{right} {}V{}L{} {bottom}H{}L{x} {}V{}Z",
                x + c,
                right - c,
                y + c,
                bottom - c,
                right - c,
                x + c,
                bottom - c,
                y + c
            )
        }
        Outcome::Escalate => format!("M{x} {y}H{}L{right} {middle}L{} {bottom}H{x}Z", right - 14.0, right - 14.0),
        Outcome::Paused => format!("M{x} {y}H{right}V{bottom}H{x}ZM{} {y}V{bottom}M{} {y}V{bottom}", x + 6.0, right - 6.0),
    }
}
