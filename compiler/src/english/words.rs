//! Words: names of a policy as a reader would say them, lists, possessives, amounts of time.

/// `placed_at` as `placed at`, `BookedFlight` as `booked flight`.
#[must_use]
pub(crate) fn spoken(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut before_is_small = false;
    for character in name.chars() {
        if matches!(character, '_' | '-' | '.') {
            words.push(' ');
        } else if character.is_uppercase() && before_is_small {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else if character.is_uppercase() && words.is_empty() {
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
        before_is_small = character.is_lowercase() || character.is_ascii_digit();
    }
    words
}

/// One of the things that a plural names: `flights` gives `flight`, `entries` gives `entry`; `None` where it looks like no plural.
#[must_use]
pub(crate) fn singular(plural: &str) -> Option<String> {
    let last = plural.rsplit(' ').next().unwrap_or(plural);
    if let Some(stem) = last.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Some(format!("{stem}y"));
    }
    let hissing = ["sses", "shes", "ches", "xes"].iter().find(|ending| last.ends_with(*ending));
    let stem = last.strip_suffix(if hissing.is_some() { "es" } else { "s" })?;
    (stem.len() > 1 && !stem.ends_with('s') && !stem.ends_with('u')).then(|| stem.to_owned())
}

/// Several of what a singular names: `flight` gives `flights`, `entry` gives `entries`.
#[must_use]
pub(crate) fn plural(singular: &str) -> String {
    let stem = singular.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    let hisses = ["s", "sh", "ch", "x"].iter().any(|ending| singular.ends_with(*ending));
    match stem {
        Some(stem) => format!("{stem}ies"),
        None if hisses => format!("{singular}es"),
        None => format!("{singular}s"),
    }
}

/// Whether a noun phrase names several things: `the lead's employees`, not `the number of employees`.
#[must_use]
pub(crate) fn is_plural(phrase: &str) -> bool {
    let head = [" of ", " for ", " among ", " in ", " such ", " ("]
        .iter()
        .filter_map(|word| phrase.find(word))
        .min()
        .and_then(|end| phrase.get(..end))
        .unwrap_or(phrase);
    head.starts_with("the ") && !head.ends_with('\'') && singular(head).is_some()
}

/// `refund` gives `a refund`, `order` gives `an order`.
#[must_use]
pub(crate) fn with_article(noun: &str) -> String {
    let vowel = noun.chars().next().is_some_and(|first| "aeiou".contains(first.to_ascii_lowercase()));
    format!("{} {noun}", if vowel && !noun.starts_with("use") && !noun.starts_with("uni") { "an" } else { "a" })
}

/// What belongs to something: `the order's total`, `the total of the order's invoice`.
#[must_use]
pub(crate) fn of(owner: &str, part: &str) -> String {
    let part = part_of(owner, part);
    let simple = owner.starts_with("the ")
        && !owner.ends_with(" served")
        && owner.split(' ').count() <= 4
        && !owner.contains(['\'', '(', '`', '’'])
        && ![" of ", " for ", " that ", " in "].iter().any(|word| owner.contains(word));
    if simple {
        let mark = if owner.ends_with('s') { "'" } else { "'s" };
        return format!("{owner}{mark} {part}");
    }
    format!("the {part} of {owner}")
}

/// A part without the word of its owner before it: the `flight number` of a flight is its `number`.
fn part_of<'p>(owner: &str, part: &'p str) -> &'p str {
    let noun = owner.rsplit(' ').next().unwrap_or(owner);
    part.strip_prefix(noun).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(part)
}

/// Whether a name tells what was done, not what there is: `said`, `added`, `sent`.
#[must_use]
pub(crate) fn is_no_noun(name: &str) -> bool {
    const OTHERS: [&str; 8] = ["said", "sent", "given", "told", "known", "ahead", "kept", "left"];
    !name.contains(' ') && (OTHERS.contains(&name) || (name.len() > 3 && name.ends_with("ed")))
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub(crate) fn joined<S: AsRef<str>>(parts: &[S], word: &str) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => only.as_ref().to_owned(),
        Some((last, others)) => {
            let others: Vec<&str> = others.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", others.join(", "), last.as_ref())
        }
    }
}

/// `no calls`, `1 call`, `12 calls`.
#[must_use]
pub(crate) fn counted(count: usize, one: &str) -> String {
    match count {
        0 => format!("no {one}s"),
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}

/// A length of time, in nanoseconds: `30 days`, `15 minutes`, `1 hour 30 minutes`.
#[must_use]
pub(crate) fn duration(nanoseconds: i64) -> String {
    const UNITS: [(u64, &str); 5] = [
        (86_400_000_000_000, "day"),
        (3_600_000_000_000, "hour"),
        (60_000_000_000, "minute"),
        (1_000_000_000, "second"),
        (1_000_000, "millisecond"),
    ];
    let mut left = nanoseconds.unsigned_abs();
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        let many = left.checked_div(size).unwrap_or(0);
        left = left.checked_rem(size).unwrap_or(0);
        if many > 0 {
            parts.push(format!("{many} {unit}{}", if many == 1 { "" } else { "s" }));
        }
    }
    if parts.is_empty() {
        return "no time".to_owned();
    }
    format!("{}{}", if nanoseconds < 0 { "minus " } else { "" }, parts.join(" "))
}

/// The sentence with its first letter as a capital; code in backticks stays as it is.
#[must_use]
pub(crate) fn capital(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The sentence with one full stop at its end.
#[must_use]
pub(crate) fn stopped(sentence: &str) -> String {
    let bare = sentence.trim_end();
    if bare.ends_with(['.', '!', '?', ':']) { bare.to_owned() } else { format!("{bare}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_as_words() {
        assert_eq!(spoken("placed_at"), "placed at");
        assert_eq!(spoken("BookedFlight"), "booked flight");
        assert_eq!(singular("flights").as_deref(), Some("flight"));
        assert_eq!(singular("payment methods").as_deref(), Some("method"));
        assert_eq!(singular("entries").as_deref(), Some("entry"));
        assert_eq!(singular("boxes").as_deref(), Some("box"));
        assert_eq!(singular("status"), None);
        assert_eq!(singular("list"), None);
        assert_eq!((plural("entry"), plural("day"), plural("address")), ("entries".into(), "days".into(), "addresses".into()));
    }

    #[test]
    fn several_things_are_several() {
        assert!(is_plural("the lead's employees") && is_plural("the payment methods of the job's customer"));
        assert!(!is_plural("the number of employees") && !is_plural("the order's status") && !is_plural("\"yes\""));
    }

    #[test]
    fn owners_are_told_in_the_shorter_way() {
        assert_eq!(of("the order", "total"), "the order's total");
        assert_eq!(of("the lead's owner", "manager"), "the manager of the lead's owner");
        assert_eq!(of("the flight", "flight number"), "the flight's number");
        assert_eq!(of("the customers", "name"), "the customers' name");
    }

    #[test]
    fn time_is_told_in_whole_units() {
        assert_eq!(duration(30 * 86_400_000_000_000), "30 days");
        assert_eq!(duration(5_400_000_000_000), "1 hour 30 minutes");
        assert_eq!(duration(0), "no time");
        assert_eq!(duration(i64::MIN).split(' ').next(), Some("minus"));
    }

    #[test]
    fn lists_and_articles() {
        assert_eq!(joined(&["a", "b", "c"], "or"), "a, b or c");
        assert_eq!(with_article("order"), "an order");
        assert_eq!(with_article("user"), "a user");
        assert_eq!(counted(1, "rule"), "1 rule");
    }
}
