//! What somebody probably meant who wrote something else.

/// The candidate that `word` was probably meant to be, or is the beginning of.
pub(crate) fn similar<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word = word.trim_start_matches("r#").to_lowercase();
    let length = word.chars().count();
    let mut fewer_than = length.div_ceil(3) + 1;
    let mut meant = None;
    for candidate in candidates {
        let lower_case = candidate.to_lowercase();
        let slips = if length > 1 && lower_case.starts_with(&word) {
            0
        } else {
            distance(&word, &lower_case)
        };
        if slips < fewer_than {
            fewer_than = slips;
            meant = Some(*candidate);
        }
    }
    meant
}

/// Letters to insert, delete or replace (Levenshtein), a row at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row = Vec::new();
    for _ in b.chars() {
        row.push(row.len() + 1);
    }
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().zip(b.chars()) {
            let above = *cell;
            left = (diagonal + usize::from(from != to))
                .min(above + 1)
                .min(left + 1);
            *cell = left;
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_else(|| a.chars().count())
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
