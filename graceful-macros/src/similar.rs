//! What somebody probably meant who wrote something else.

/// The candidate that `word` was probably meant to be, or is the beginning of.
pub(crate) fn similar<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.trim_start_matches("r#").to_lowercase();
    let length = word.chars().count();
    candidates
        .into_iter()
        .map(|candidate| {
            let lower_case = candidate.to_lowercase();
            let begun = length > 1 && lower_case.starts_with(&word);
            let slips = if begun {
                0
            } else {
                distance(&word, &lower_case)
            };
            (slips, candidate)
        })
        .filter(|(slips, _)| *slips <= length.div_ceil(3))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace (Levenshtein), a row at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row
            .iter_mut()
            .zip(std::iter::once(None).chain(b.chars().map(Some)))
        {
            let above = *cell;
            *cell = match to {
                None => left,
                Some(to) => (diagonal + usize::from(from != to))
                    .min(above + 1)
                    .min(left + 1),
            };
            left = *cell;
            diagonal = above;
        }
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
            assert_eq!(similar(written, keys), meant, "{written}");
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
