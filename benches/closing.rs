//! What a close costs beside itself: ordered immediate ones, and many at the same time. With `--quote` it writes its table into
//! `docs/performance.md`.

use graceful::{Context, Embedded, Plan, Result, Shutdown, Step, Steps};
use graceful_benches::{Bound, is_to_quote, load, median, micros, quote, ratio};
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

const RUNS: usize = 50;
const BUDGET: Duration = Duration::from_secs(100_000);

const ORDERED: Bound = Bound {
    what: "an ordered immediate close",
    most: 2.0,
    unit: "µs",
};

/// All of them within a second.
const WIDE: Bound = Bound {
    what: "an immediate close of 100,000 at the same time",
    most: 10.0,
    unit: "µs",
};

const PARALLEL: Bound = Bound {
    what: "1000 closes of 10 ms at the same time, beside the same by hand",
    most: 1.3,
    unit: "times",
};

/// When it closed, if somebody wants to know.
#[derive(Clone, Default)]
struct Immediate(Option<Arc<OnceLock<Instant>>>);

impl Immediate {
    fn noted() -> Self {
        Self(Some(Arc::default()))
    }

    fn closed(&self) -> Instant {
        let noted = self.0.as_ref().and_then(|noted| noted.get());
        *noted.expect("it has closed")
    }
}

impl Shutdown for Immediate {
    async fn shutdown(self, _cx: Context) -> Result {
        if let Some(noted) = self.0 {
            let _ = noted.set(Instant::now());
        }
        Ok(())
    }
}

/// A state of many fields: what the derive expands to, for a number that is known at run time.
struct Ordered {
    steps: &'static [Step],
    first: Immediate,
    last: Immediate,
}

impl Shutdown for Ordered {
    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Plan::new("Ordered", self.steps));
        steps.close(self.first);
        for _ in 2..self.steps.len() {
            steps.close(Immediate::default());
        }
        steps.close(self.last);
        steps.run()
    }
}

/// From the call to the report.
async fn close(state: impl Shutdown) -> Duration {
    let embedded = Embedded::new();
    embedded.run(state);
    let began = Instant::now();
    let report = embedded.stop(BUDGET).await;
    let whole = began.elapsed();
    assert!(report.is_clean(), "{report}");
    whole
}

/// From the first close to the last, and from the call to the report.
async fn close_in_order(steps: &'static [Step]) -> (Duration, Duration) {
    let (first, last) = (Immediate::noted(), Immediate::noted());
    let whole = close(Ordered {
        steps,
        first: first.clone(),
        last: last.clone(),
    })
    .await;
    (last.closed() - first.closed(), whole)
}

/// A row of the table.
async fn ordered(count: u32) -> String {
    let limit = Duration::from_secs(1);
    let steps: Vec<Step> = (0..count)
        .map(|order| Step::new("step").order(order).timeout(limit))
        .collect();
    let steps: &'static [Step] = steps.leak();
    let (mut wholes, mut each) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (closes, whole) = close_in_order(steps).await;
        wholes.push(whole);
        each.push(closes / (count - 1));
    }
    let each = median(each);
    println!("{}", ORDERED.beside(micros(each)));
    let whole = median(wholes);
    format!("{count} ordered immediate closes | {each:.2?} each | {whole:.2?}")
}

/// As many as a server has connections: no operation may cost more where there are more.
async fn wide() -> String {
    const MANY: u32 = 100_000;

    let mut took = Vec::new();
    for _ in 0..5 {
        let state = vec![Immediate::default(); MANY as usize];
        took.push(close(state).await);
    }
    let took = median(took);
    let each = took / MANY;
    println!("{}", WIDE.beside(micros(each)));
    format!("{MANY} immediate closes at the same time | {each:.2?} each | {took:.1?}")
}

async fn parallel() -> String {
    const MANY: usize = 1000;

    struct Waits(Duration);
    impl Shutdown for Waits {
        async fn shutdown(self, _cx: Context) -> Result {
            tokio::time::sleep(self.0).await;
            Ok(())
        }
    }

    let wait = Duration::from_millis(10);
    let (mut graceful, mut by_hand) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let state: Vec<Waits> = (0..MANY).map(|_| Waits(wait)).collect();
        graceful.push(close(state).await);

        let began = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..MANY {
            tasks.spawn(tokio::time::sleep(wait));
        }
        while tasks.join_next().await.is_some() {}
        by_hand.push(began.elapsed());
    }
    let (graceful, by_hand) = (median(graceful), median(by_hand));
    let ratio = ratio(graceful, by_hand);
    println!("{}", PARALLEL.beside(ratio));
    format!(
        "{MANY} closes of 10 ms at the same time | {ratio:.2} times a `JoinSet` by hand, {by_hand:.1?} | {graceful:.1?}"
    )
}

#[tokio::main]
async fn main() {
    let before = load();
    let mut rows = Vec::new();
    for count in [10, 100, 1000] {
        rows.push(ordered(count).await);
    }
    rows.push(parallel().await);
    rows.push(wide().await);
    let mut table = "| | | from the call to the report |\n| --- | --- | --- |\n".to_owned();
    for row in rows {
        writeln!(table, "| {row} |").expect("a string takes it");
    }
    write!(
        table,
        "\nThe median of {RUNS}, of the last row of 5. At a load of {before} when it began and {} when it ended.\n",
        load()
    )
    .expect("a string takes it");
    println!("{table}");
    if is_to_quote() {
        quote::insert("bench", "closing", &table);
    }
}
