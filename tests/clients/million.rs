//! A million messages over 50 stops at random moments, through `Consumer`.

use crate::stops::{IN_HAND, Way, over_each_way, stops};

/// Nothing is lost, and what is processed twice is no more than what was in hand at the stops.
fn loses_nothing(way: &Way) {
    let Some(outcome) = way.goes("consumer", |ended| {
        ended.assert_code(0);
    }) else {
        return;
    };
    assert_eq!(outcome.lost, 0);
    let in_hand = IN_HAND * stops();
    assert!(outcome.twice <= in_hand, "{} of {in_hand}", outcome.twice);
}

over_each_way!(loses_nothing);
