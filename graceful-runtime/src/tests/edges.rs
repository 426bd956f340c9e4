//! Steps that wait for others by name: each begins as soon as those have ended.

use super::{Field, closed, lines, ms};
use crate::{Context, Outcome, Plan, Report, Result, Shutdown, Step, StepReport, Steps};
use std::time::Duration;

/// Fields under a plan that is known at run time.
struct Fields(&'static [Step], Vec<Field>);

impl Shutdown for Fields {
    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Plan::new("Fields", self.0));
        for field in self.1 {
            steps.close(field);
        }
        steps.run()
    }
}

fn takes<const N: usize>(times: [u64; N]) -> Vec<Field> {
    times.map(|time| Field::Takes(ms(time))).into()
}

#[test]
fn a_step_begins_when_those_that_it_names_have_ended_and_not_a_whole_order() {
    const PLAN: [Step; 5] = [
        Step::new("http"),
        Step::new("nats"),
        Step::new("outbox").after(&["nats"]),
        Step::new("mail").after(&["nats", "outbox"]),
        Step::new("db").order(1),
    ];
    let report = closed(Fields(&PLAN, takes([300, 100, 50, 200, 10])));
    assert_eq!(
        lines(&report),
        [
            "http closed 0-300",
            "nats closed 0-100",
            "outbox closed 100-150",
            "mail closed 150-350",
            // No order waits for a step that has none.
            "db closed 300-310",
        ]
    );
}

#[test]
fn a_step_with_an_order_waits_for_the_lower_ones_too() {
    const PLAN: [Step; 5] = [
        Step::new("http"),
        Step::new("outbox").after(&["http"]),
        Step::new("cache").order(1),
        Step::new("db").order(1).after(&["outbox"]),
        Step::new("logs").order(2),
    ];
    let report = closed(Fields(&PLAN, takes([100, 200, 10, 10, 10])));
    assert_eq!(
        lines(&report),
        [
            "http closed 0-100",
            "outbox closed 100-300",
            "cache closed 100-110",
            "db closed 300-310",
            "logs closed 310-320",
        ]
    );
}

#[test]
fn a_step_that_is_waited_for_may_hang_fail_or_panic() {
    const PLAN: [Step; 4] = [
        Step::new("hangs").timeout(ms(200)),
        Step::new("fails").after(&["hangs"]),
        Step::new("panics").after(&["fails"]),
        Step::new("last").after(&["panics"]),
    ];
    let fields = vec![
        Field::Hangs,
        Field::Fails,
        Field::Panics,
        Field::Takes(ms(10)),
    ];
    assert_eq!(
        lines(&closed(Fields(&PLAN, fields))),
        [
            "hangs timed out 0-200",
            "fails failed: broken pipe 200-200",
            "panics panicked: code 42 200-200",
            "last closed 200-210",
        ]
    );
}

#[test]
fn what_is_set_aside_is_the_longest_path_behind_a_step() {
    const PLAN: [Step; 5] = [
        Step::new("first"),
        // Nobody waits for it, and it for nobody.
        Step::new("beside").timeout(ms(900)),
        Step::new("a").after(&["first"]).timeout(ms(100)),
        Step::new("b").after(&["a"]).timeout(ms(150)),
        Step::new("c").after(&["first"]).timeout(ms(200)),
    ];
    let mut fields = takes([0, 890, 90, 140, 190]);
    fields[0] = Field::Hangs;
    assert_eq!(
        lines(&closed(Fields(&PLAN, fields))),
        [
            "first timed out 0-750",
            "beside closed 0-890",
            "a closed 750-840",
            "b closed 840-980",
            "c closed 750-940",
        ]
    );
}

#[test]
fn steps_without_a_limit_share_along_a_path_and_not_across() {
    const PLAN: [Step; 4] = [
        Step::new("first"),
        Step::new("a").after(&["first"]),
        Step::new("b").after(&["first"]),
        Step::new("last").after(&["a", "b"]).timeout(ms(100)),
    ];
    let mut fields = takes([0, 400, 0, 90]);
    fields[0] = Field::Hangs;
    fields[2] = Field::Hangs;
    assert_eq!(
        lines(&closed(Fields(&PLAN, fields))),
        [
            "first timed out 0-450",
            "a closed 450-850",
            "b timed out 450-900",
            "last closed 900-990",
        ]
    );
}

#[test]
fn a_total_that_is_too_short_is_cut_along_the_longest_path() {
    const PLAN: [Step; 3] = [
        Step::new("first").timeout(ms(1000)),
        Step::new("short").after(&["first"]).timeout(ms(10)),
        Step::new("long").after(&["first"]).timeout(ms(250)),
    ];
    let mut fields = takes([0, 9, 190]);
    fields[0] = Field::Hangs;
    assert_eq!(
        lines(&closed(Fields(&PLAN, fields))),
        [
            "first timed out 0-800",
            "short closed 800-809",
            "long closed 800-990",
        ]
    );
}

/// Xorshift: the same graphs in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

/// What a step waits for, by the rules and not as the sequence has them.
fn before(steps: &[Step], at: usize) -> impl Iterator<Item = usize> {
    let step = &steps[at];
    steps[..at].iter().enumerate().filter_map(|(i, other)| {
        let is_lower = matches!(
            (step.get_order(), other.get_order()),
            (Some(own), Some(other)) if other < own
        );
        (is_lower || step.get_after().contains(&other.name())).then_some(i)
    })
}

fn graph(random: &mut Random, limit: impl Fn(&mut Random) -> Option<Duration>) -> &'static [Step] {
    let mut steps: Vec<Step> = Vec::new();
    let mut order = 0;
    let last = random.below(12);
    for (name, _) in NAMES.into_iter().zip(0..=last) {
        let is_ordered = random.one_in(2);
        let own = order + u32::from(random.one_in(2));
        let mut after: Vec<&str> = Vec::new();
        for other in &steps {
            let same_order = is_ordered && other.get_order() == Some(own);
            if !same_order && random.one_in(4) {
                after.push(other.name());
            }
        }
        let mut step = Step::new(name);
        if is_ordered || after.is_empty() {
            order = own;
            step = step.order(order);
        }
        if let Some(limit) = limit(random) {
            step = step.timeout(limit);
        }
        steps.push(step.after(after.leak()));
    }
    steps.leak()
}

fn ended(step: &StepReport) -> Duration {
    step.started.unwrap_or_default() + step.took
}

/// Each begins at the very moment at which the last of those that it waits for ends.
fn assert_begun_at_once(steps: &[Step], report: &Report) {
    for (at, step) in report.steps.iter().enumerate() {
        let waited = before(steps, at).map(|other| ended(&report.steps[other]));
        let turn = waited.max().unwrap_or_default();
        if matches!(step.outcome, Outcome::NotStarted) {
            assert!(turn >= ms(1000), "{steps:#?} {report}");
        } else {
            assert_eq!(step.started, Some(turn), "{steps:#?} {report}");
        }
    }
}

#[test]
fn random_graphs_run_as_a_simple_model_says() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..300 {
        let steps = graph(&mut random, |random| Some(ms(1 + random.below(60))));
        let times: Vec<Duration> = steps.iter().map(|_| ms(1 + random.below(80))).collect();
        let fields = times.iter().map(|&time| Field::Takes(time)).collect();
        let report = closed(Fields(steps, fields));

        let mut ends: Vec<Duration> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let begins = before(steps, at).map(|other| ends[other]).max();
            let limit = step.declared().unwrap_or(Duration::MAX);
            ends.push(begins.unwrap_or_default() + times[at].min(limit));
        }
        let reported: Vec<_> = report.steps.iter().map(ended).collect();
        assert_eq!(reported, ends, "{steps:#?} {report}");
        assert_begun_at_once(steps, &report);
        let path = Plan::new("Fields", steps).critical_path();
        assert!(report.total <= path, "{steps:#?} {report}");
    }
}

/// With too little time, limits that nobody declared, and closes that hang.
#[test]
fn random_graphs_keep_to_the_budget_and_close_what_can_be_closed() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..300 {
        let steps = graph(&mut random, |random| {
            let is_declared = random.one_in(2);
            is_declared.then(|| ms(1 + random.below(400)))
        });
        let fields = steps.iter().map(|_| match random.below(4) {
            0 => Field::Hangs,
            _ => Field::Takes(ms(random.below(200))),
        });
        let report = closed(Fields(steps, fields.collect()));
        assert_begun_at_once(steps, &report);
        assert!(report.total <= ms(1000), "{steps:#?} {report}");
        for (step, done) in steps.iter().zip(&report.steps) {
            // The clock of a test goes by whole milliseconds.
            let limit = step.declared().unwrap_or(ms(1000)) + ms(1);
            assert!(done.took <= limit, "{steps:#?} {report}");
        }
    }
}
