//! How wide text is, and how it is broken into lines that fit.
//!
//! A picture is drawn in whatever sans-serif a reader's machine has. The widths are those of DejaVu Sans and Verdana, the widest in common use, so
//! text that fits here fits everywhere.

/// Advance widths of the printable ASCII characters from the blank on, in thousandths of the type size.
const WIDTHS: [u16; 95] = [
    352, 402, 460, 838, 636, 1076, 780, 275, 454, 454, 636, 838, 364, 454, 364, 454, // blank to /
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 454, 454, 838, 838, 838, 545, // 0 to ?
    1000, 684, 686, 698, 771, 632, 575, 775, 752, 421, 455, 693, 557, 863, 748, 787, // @ to O
    603, 787, 695, 684, 616, 732, 684, 989, 685, 615, 685, 454, 454, 454, 838, 636, // P to _
    636, 613, 635, 550, 635, 615, 352, 635, 634, 278, 363, 592, 278, 974, 634, 612, // ` to o
    635, 635, 429, 521, 394, 634, 592, 818, 592, 592, 526, 635, 454, 635, 838, // p to ~
];

/// How type is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Type {
    /// Its size in pixels.
    pub(super) size: f64,
    /// Bold letters are about a tenth wider.
    pub(super) bold: bool,
}

/// The width of a text in pixels.
pub(super) fn width(text: &str, set: Type) -> f64 {
    let bold = if set.bold { 1.12 } else { 1.0 };
    text.chars().map(advance).sum::<f64>() * set.size * bold / 1000.0
}

/// Letters of other scripts may be as wide as they are high.
fn advance(character: char) -> f64 {
    let ascii = u32::from(character).checked_sub(32).and_then(|at| WIDTHS.get(at as usize));
    match ascii {
        Some(width) => f64::from(*width),
        None if matches!(character, '\u{a0}'..='\u{24f}' | '–' | '’' | '“' | '”') => 700.0,
        None => 1000.0,
    }
}

/// The lines of a text, none wider than so many pixels and at most so many; where it is cut, the last line ends in an ellipsis.
pub(super) fn lines(text: &str, set: Type, widest: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        for piece in pieces(word, set, widest) {
            match lines.last_mut() {
                Some(line) if width(&format!("{line} {piece}"), set) <= widest => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && width(&format!("{last} …"), set) > widest {
                last.pop();
            }
            last.push_str(" …");
        }
    }
    lines
}

/// A text for a picture, which sets code apart by nothing: names such as `bank.pay` and `is_plain` are known as such; those that look like words of
/// the sentence stand in quotes.
pub(super) fn unmarked(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (code, after))) =
        rest.split_once('`').and_then(|(before, from)| Some((before, from.split_once('`')?)))
    {
        told.push_str(before);
        if code.contains(['.', '_']) {
            told.push_str(code);
        } else {
            told.push_str(&format!("“{code}”"));
        }
        rest = after;
    }
    told.push_str(&rest.replace('`', ""));
    told
}

/// A word that is wider than a line, in pieces that are not; names break best after an underscore or a dot.
fn pieces(word: &str, set: Type, widest: f64) -> Vec<String> {
    if width(word, set) <= widest {
        return vec![word.to_owned()];
    }
    let mut pieces: Vec<String> = vec![String::new()];
    for part in word.split_inclusive(['_', '.', '-', '/']) {
        let fits = |piece: &String| width(&format!("{piece}{part}"), set) <= widest;
        match pieces.last_mut().filter(|last| fits(last)) {
            Some(last) => last.push_str(part),
            None if width(part, set) <= widest => pieces.push(part.to_owned()),
            None => {
                for character in part.chars() {
                    match pieces.last_mut().filter(|last| width(&format!("{last}{character}"), set) <= widest) {
                        Some(last) => last.push(character),
                        None => pieces.push(character.to_string()),
                    }
                }
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Type = Type { size: 12.0, bold: false };

    #[test]
    fn lines_fit() {
        let text = "for each flight among the flights, the seats of the flight's number and the flight's date are at least the number of entries";
        let broken = lines(text, TEXT, 200.0, 20);
        assert!(broken.len() > 3);
        assert!(broken.iter().all(|line| width(line, TEXT) <= 200.0), "{broken:?}");
        assert_eq!(broken.join(" "), text);
    }

    #[test]
    fn names_that_look_like_words_stand_in_quotes() {
        assert_eq!(unmarked("neither `given back` nor `is_plain` holds"), "neither “given back” nor is_plain holds");
        assert_eq!(unmarked("`bank.pay` or `said` `"), "bank.pay or “said” ");
    }

    #[test]
    fn what_is_cut_says_so_and_fits() {
        let cut = lines("one two three four five six seven eight nine ten eleven twelve", TEXT, 100.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && width(&cut[1], TEXT) <= 100.0, "{cut:?}");
    }

    #[test]
    fn a_word_without_blanks_is_broken() {
        let broken = lines(&"update_reservation_".repeat(8), TEXT, 150.0, 20);
        assert!(broken.iter().all(|line| width(line, TEXT) <= 150.0), "{broken:?}");
        assert_eq!(broken.concat(), "update_reservation_".repeat(8));
        assert!(lines("日本語の長い名前", TEXT, 40.0, 9).iter().all(|line| width(line, TEXT) <= 40.0));
    }
}
