//! Which declared name a misspelt one probably means.

/// Names longer than this are not compared: the distance takes quadratic time.
const LONGEST: usize = 80;

/// The candidate nearest to the name, where one is near enough to be meant; the first of equally near ones.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let allowed = name.chars().count().div_ceil(3).max(1);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        if candidate.len() > LONGEST || candidate == name {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        let nearer = best.is_none_or(|(least, _)| distance < least);
        if distance <= allowed && nearer {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `did you mean `order`?`, where a candidate is near enough.
#[must_use]
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(nearest("Ordr", ["Invoice", "Order"]), Some("Order"));
        assert_eq!(nearest("refnud", ["refund", "get_order"]), Some("refund"));
        assert_eq!(nearest("order", ["Order"]), Some("Order"));
    }

    #[test]
    fn a_different_word_is_not_suggested() {
        assert_eq!(nearest("shipment", ["order", "amount"]), None);
        assert_eq!(nearest("x", ["order"]), None);
        assert_eq!(did_you_mean("amonut", ["amount"]).as_deref(), Some("did you mean `amount`?"));
    }
}
