//! What a close costs beside itself: ordered immediate ones, and many at the same time; beside others.

use graceful::{Context, Embedded, Plan, Report, Result, Shutdown, Step, Steps};
use graceful_benches::{median, peers};
use std::time::{Duration, Instant};

const RUNS: usize = 50;
const BUDGET: Duration = Duration::from_secs(100_000);

struct Immediate;

impl Shutdown for Immediate {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

/// A state of many fields: what the derive expands to, for a number that is known at run time.
struct Ordered(&'static [Step]);

impl Shutdown for Ordered {
    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Plan::new("Ordered", self.0));
        for _ in self.0 {
            steps.close(Immediate);
        }
        steps.run()
    }
}

async fn close(state: impl Shutdown) -> (Duration, Duration, Report) {
    let embedded = Embedded::new();
    embedded.run(state);
    let began = Instant::now();
    let report = embedded.shutdown(BUDGET).await;
    let whole = began.elapsed();
    assert!(report.is_clean(), "{report}");
    let started = |step: Option<&graceful::StepReport>| step.and_then(|step| step.started);
    let first = started(report.steps.first()).unwrap_or_default();
    let ends = report
        .steps
        .iter()
        .map(|step| step.started.unwrap_or_default() + step.took);
    let steps = ends.max().unwrap_or_default().saturating_sub(first);
    (whole, steps, Report::clone(&report))
}

#[tokio::main]
async fn main() {
    for count in [10_u32, 100, 1000] {
        let limit = Duration::from_secs(1);
        let steps: Vec<Step> = (0..count)
            .map(|order| Step::new("step").order(order).timeout(limit))
            .collect();
        let steps: &'static [Step] = steps.leak();
        let (mut wholes, mut each) = (Vec::new(), Vec::new());
        let mut others = [const { Vec::new() }; 4];
        // In turns, so that the machine's moods meet all.
        for _ in 0..RUNS {
            let (whole, steps, _) = close(Ordered(steps)).await;
            wholes.push(whole);
            each.push(steps / count);
            others[0].push(peers::in_line(count).await / count);
            others[1].push(peers::spawned(count).await / count);
            others[2].push(peers::tracked(count).await / count);
            others[3].push(peers::subsystems(count).await / count);
        }
        println!(
            "{count:>4} ordered immediate closes: {:>9.2?} a close, {:>9.1?} from the call to the report",
            median(each),
            median(wholes)
        );
        let names = [
            "by hand, a timeout for each",
            "by hand, a task and a timeout for each",
            "tokio-util's token and tracker for each",
            "tokio-graceful-shutdown, in a sequence",
        ];
        for (name, took) in names.into_iter().zip(others) {
            println!("       {name:<40} {:>9.2?} a close", median(took));
        }
    }

    let wait = Duration::from_millis(10);
    let (mut graceful, mut by_hand) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        struct Waits(Duration);
        impl Shutdown for Waits {
            async fn shutdown(self, _cx: Context) -> Result {
                tokio::time::sleep(self.0).await;
                Ok(())
            }
        }
        let state: Vec<Waits> = (0..1000).map(|_| Waits(wait)).collect();
        graceful.push(close(state).await.1);

        let began = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..1000 {
            tasks.spawn(tokio::time::sleep(wait));
        }
        while tasks.join_next().await.is_some() {}
        by_hand.push(began.elapsed());
    }
    println!(
        "1000 closes of 10 ms at the same time: {:.1?}, by hand with a JoinSet {:.1?}",
        median(graceful),
        median(by_hand)
    );
}
