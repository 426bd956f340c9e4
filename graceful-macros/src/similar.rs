//! What somebody probably meant who wrote something else.
//!
//! The macros and the runtime each have this file, word for word. A test compares the two.

/// The candidate that `word` was probably meant to be, or is the beginning of.
pub(crate) fn similar<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word = word.strip_prefix("r#").unwrap_or(word).to_ascii_lowercase();
    let length = word.chars().count();
    let slips = |candidate: &str| {
        let candidate = candidate.to_ascii_lowercase();
        if length > 1 && candidate.starts_with(&word) {
            0
        } else {
            distance(&word, &candidate)
        }
    };
    let counted = candidates
        .iter()
        .map(|candidate| (slips(candidate), *candidate));
    let close = counted.filter(|(slips, _)| *slips <= length.div_ceil(3));
    close
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, meant)| meant)
}

/// Letters to insert, delete or replace (Levenshtein), a row at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for ((to, diagonal), above) in b.chars().zip(&row).zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(from != to))
                .min(above + 1)
                .min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, similar};

    #[test]
    fn suggestions_are_close_or_absent() {
        let keys = ["order", "timeout", "method", "with", "name", "drop", "skip"];
        for (written, meant) in [
            ("ordr", Some("order")),
            ("timout", Some("timeout")),
            ("time_out", Some("timeout")),
            ("Order", Some("order")),
            ("r#order", Some("order")),
            ("metod", Some("method")),
            ("droop", Some("drop")),
            ("ord", Some("order")),
            ("DROP", Some("drop")),
            ("deadline", None),
            ("x", None),
            ("d", None),
        ] {
            assert_eq!(similar(written, &keys), meant, "{written}");
        }
    }

    #[test]
    fn distance_counts_the_slips() {
        for (a, b, slips) in [
            ("", "", 0),
            ("drop", "", 4),
            ("", "drop", 4),
            ("order", "border", 1),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
        ] {
            assert_eq!(distance(a, b), slips, "{a} {b}");
        }
    }
}
