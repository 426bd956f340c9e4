//! What a plan proves, and what it says where it does not hold.

use crate::{Plan, Step};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

const INNER: Plan = Plan::new(
    "Inner",
    &[
        Step::new("a").order(0).timeout(SECOND),
        Step::new("b").order(1).timeout(SECOND),
    ],
);

#[test]
fn critical_path_takes_the_slowest_of_each_order() {
    const PLAN: Plan = Plan::new(
        "App",
        &[
            Step::new("http").order(0).timeout(Duration::from_secs(10)),
            Step::new("nats").order(1).timeout(Duration::from_secs(3)),
            Step::new("kafka").order(1).timeout(Duration::from_secs(4)),
            Step::new("inner").order(2).plan(INNER),
            Step::new("quick").order(3),
        ],
    );
    assert_eq!(PLAN.critical_path(), Duration::from_secs(16));
}

#[test]
fn an_enum_is_as_long_as_its_longest_variant() {
    const PLAN: Plan = Plan::variants("Server", &[Plan::new("Server::None", &[]), INNER]);
    assert_eq!(PLAN.critical_path(), 2 * SECOND);
    assert_eq!(PLAN.variant(1), INNER);
}

#[test]
#[should_panic(expected = "a 1s -> b 1s = 2s, over the budget of 1s")]
fn a_budget_that_is_too_small_is_refused_with_the_path() {
    let _ = INNER.budget(SECOND);
}

#[test]
#[should_panic(
    expected = "step `inner` has a timeout of 1500ms, less than its own plan: a 1s -> b 1s = 2s"
)]
fn a_step_shorter_than_its_plan_is_refused() {
    let _ = Step::new("inner")
        .timeout(Duration::from_millis(1500))
        .plan(INNER);
}

const SECONDS: [Step; 4] = [
    Step::new("http").timeout(Duration::from_secs(10)),
    Step::new("audit").after(&["http"]).timeout(SECOND),
    Step::new("nats").order(1).timeout(Duration::from_secs(3)),
    Step::new("db").order(2).after(&["audit"]).timeout(SECOND),
];

#[test]
fn critical_path_goes_along_the_edges() {
    const LATE: Plan = Plan::new(
        "App",
        &[
            SECONDS[0],
            SECONDS[1].timeout(Duration::from_secs(5)),
            SECONDS[2],
            SECONDS[3],
        ],
    );
    // Nobody waits for the last one.
    const BESIDE: Plan = Plan::new(
        "App",
        &[
            SECONDS[0],
            SECONDS[1].timeout(Duration::from_secs(5)),
            SECONDS[2],
        ],
    );
    assert_eq!(Plan::new("App", &SECONDS).critical_path(), 14 * SECOND);
    assert_eq!(LATE.critical_path(), 16 * SECOND);
    assert_eq!(BESIDE.critical_path(), 15 * SECOND);
}

#[test]
#[should_panic(expected = "http 10s -> audit 5s -> db 1s = 16s, over the budget of 15s")]
fn the_path_along_the_edges_is_shown() {
    let steps = const {
        &[
            SECONDS[0],
            SECONDS[1].timeout(Duration::from_secs(5)),
            SECONDS[2],
            SECONDS[3],
        ]
    };
    let _ = Plan::new("App", steps).budget(15 * SECOND);
}

#[test]
#[should_panic(expected = "`db` waits for `audit`, and no step before it has that name")]
fn a_step_before_the_one_that_it_waits_for_is_refused() {
    let _ = Plan::new("App", const { &[SECONDS[0], SECONDS[3], SECONDS[1]] });
}

#[test]
#[should_panic(expected = "`b` waits for `a`, which is of the same order")]
fn a_step_that_waits_for_another_of_its_order_is_refused() {
    let steps = const { &[Step::new("a"), Step::new("b").order(0).after(&["a"])] };
    let _ = Plan::new("App", steps);
}

#[test]
#[should_panic(expected = "step `inner` has a timeout of 1s, less than its own plan")]
fn a_timeout_after_the_plan_is_proven_too() {
    let _ = Step::new("inner").plan(INNER).timeout(SECOND);
}

#[test]
#[should_panic(expected = "s, over the budget of 1s")]
fn a_path_that_is_too_long_to_show_keeps_its_sum() {
    let steps = vec![Step::new("a_field_with_a_name").timeout(SECOND); 200];
    let steps = steps
        .into_iter()
        .zip(0..)
        .map(|(step, order)| step.order(order));
    let steps = steps.collect::<Vec<_>>().leak();
    let _ = Plan::new("App", steps).budget(SECOND);
}

const WITH_LAST_WORD: Plan = Plan::new("App", &[SECONDS[0], Step::new("logs").last()]);

#[test]
fn a_last_word_is_no_part_of_the_path_and_has_its_time_after_it() {
    assert_eq!(WITH_LAST_WORD.critical_path(), 10 * SECOND);
    assert!(
        Plan::new("Outer", const { &[Step::new("app").plan(WITH_LAST_WORD)] }).has_last_words()
    );
    WITH_LAST_WORD.assert_fits(11 * SECOND, Duration::ZERO);
    WITH_LAST_WORD.assert_fits_before(15 * SECOND, SECOND, 4 * SECOND);
    // Of a short timeout a quarter.
    let steps = const { &[Step::new("db").timeout(SECOND), Step::new("logs").last()] };
    Plan::new("App", steps).assert_fits(Duration::from_millis(1334), Duration::ZERO);
}

#[test]
#[should_panic(expected = "http 10s = 10s and before last words of 1s, over the timeout of 10s")]
fn a_timeout_without_time_for_the_last_word_is_refused() {
    WITH_LAST_WORD.assert_fits(10 * SECOND, Duration::ZERO);
}

#[test]
#[should_panic(expected = "last words of a plan must stand behind all other steps")]
fn a_step_behind_a_last_word_is_refused() {
    let _ = Plan::new(
        "App",
        const { &[Step::new("logs").last(), Step::new("db")] },
    );
}

#[test]
#[should_panic(expected = "sorted by their order")]
fn unsorted_steps_are_refused() {
    let _ = Plan::new("App", &const { [Step::new("a").order(1), Step::new("b")] });
}
