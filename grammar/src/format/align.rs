//! Columns: what begins at the same place in neighbouring lines.

use super::WIDTH;
use super::columns::Column;
use super::print::{Line, Mark};

/// Aligns the columns of the entries of one bracket. `alone` has the line of each entry that is alone on one line; `depth` is how many
/// brackets are open around the entries.
pub(super) fn align_entries(lines: &mut [Line], alone: &[Option<usize>], depth: usize) {
    let mut run: Vec<usize> = Vec::new();
    for line in alone.iter().copied().chain([None]) {
        let goes_on = match (line, run.last()) {
            (Some(line), Some(&last)) => line == last.saturating_add(1),
            (Some(_), None) => true,
            (None, _) => false,
        };
        if !goes_on {
            align_run(lines, &run, depth);
            run.clear();
        }
        run.extend(line);
    }
}

/// Aligns neighbouring lines.
fn align_run(lines: &mut [Line], run: &[usize], depth: usize) {
    for column in Column::ALL {
        let mut group: Vec<usize> = Vec::new();
        for &line in run {
            let has = mark(lines, line, column, depth).is_some();
            let other = column.within_kind() && group.last().is_some_and(|&last| head(lines, last) != head(lines, line));
            if !has || other {
                align_group(lines, &group, column, depth);
                group.clear();
            }
            if has {
                group.push(line);
            }
        }
        align_group(lines, &group, column, depth);
    }
}

/// The first word of a line.
fn head(lines: &[Line], line: usize) -> &str {
    lines.get(line).and_then(|line| line.text.split_whitespace().next()).unwrap_or("")
}

fn mark(lines: &[Line], line: usize, column: Column, depth: usize) -> Option<Mark> {
    lines.get(line)?.marks.iter().find(|mark| mark.column == column && mark.depth == depth).copied()
}

/// Aligns one column of lines that all have it: as far to the right as the longest asks for that leaves every other within the width.
fn align_group(lines: &mut [Line], group: &[usize], column: Column, depth: usize) {
    let marks: Vec<(usize, Mark)> = group.iter().filter_map(|&line| Some((line, mark(lines, line, column, depth)?))).collect();
    if !column.always() && !marks.iter().any(|(_, mark)| mark.wanted) {
        return;
    }
    let width = |line: usize| lines.get(line).map_or(0, |line| line.width);
    let fits = |target: usize| {
        let reached = marks.iter().filter(|(_, mark)| mark.width <= target);
        reached.clone().all(|(line, mark)| width(*line).saturating_add(target.saturating_sub(mark.width)) <= WIDTH)
    };
    let Some(target) = marks.iter().map(|(_, mark)| mark.width).filter(|&target| fits(target)).max() else { return };
    for (line, mark) in marks {
        if let Some(line) = lines.get_mut(line) {
            widen(line, mark, target.saturating_sub(mark.width));
        }
    }
}

/// Puts blanks before a mark.
fn widen(line: &mut Line, mark: Mark, blanks: usize) {
    if blanks == 0 || !line.text.is_char_boundary(mark.at) {
        return;
    }
    line.text.insert_str(mark.at, &" ".repeat(blanks));
    line.width = line.width.saturating_add(blanks);
    for later in line.marks.iter_mut().filter(|later| later.at >= mark.at) {
        later.at = later.at.saturating_add(blanks);
        later.width = later.width.saturating_add(blanks);
    }
}

/// Aligns the comments at the ends of neighbouring lines, as long as no line is much longer than another.
pub(super) fn align_comments(lines: &mut [Line]) {
    /// By how many characters lines may differ whose comments stand below one another.
    const SPREAD: usize = 40;
    let mut start = 0;
    while start < lines.len() {
        let run = lines.get(start..).unwrap_or(&[]).iter().take_while(|line| line.comment.is_some()).count();
        let end = start.saturating_add(run);
        if let Some(run) = lines.get_mut(start..end) {
            let widest = run.iter().map(|line| line.width).max().unwrap_or(0);
            let narrowest = run.iter().map(|line| line.width).min().unwrap_or(0);
            for line in run {
                let column = if widest.saturating_sub(narrowest) <= SPREAD { widest } else { line.width };
                let blanks = column.saturating_sub(line.width).saturating_add(1);
                line.text.push_str(&" ".repeat(blanks));
            }
        }
        start = end.max(start.saturating_add(1));
    }
}
