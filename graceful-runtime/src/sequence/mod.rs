//! Closes steps in their order, each within its limit, whatever they do.
//!
//! What a value is made of is a *group*: one task that starts the steps whose turn has come, cuts those whose
//! limit has passed, and ends with the last one. A step that is a value of several steps begins a group of
//! its own.

mod caught;
#[cfg(feature = "test-util")]
mod faulty;
mod group;
mod limits;
mod observer;
mod order;
mod shared;
mod step;

#[cfg(feature = "test-util")]
use crate::context::Close;
use crate::context::{Sequencer, StepClose};
use crate::executor::Executor;
use crate::futures::{Boxed, either, ends_by};
use crate::group_handle::GroupHandle;
use crate::outcome::Outcome;
use crate::step_state::StepState;
pub(crate) use caught::{Caught, begin, outcome_of};
pub(crate) use group::CUT_GRACE;
use group::{AT_ONCE, Group};
pub(crate) use limits::share_before;
pub(crate) use observer::Observer;
pub(crate) use shared::Sequence;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;
pub(crate) use step::discard;
use tokio::time::Instant;

/// What nobody waits for any more may block as it is dropped.
const CUT_WITHIN: Duration = Duration::from_secs(1);

impl Sequence {
    /// Closes `steps`, all within `deadline`, and looks after what polls them meanwhile. It finds out first whether the user's
    /// runtime answers, which takes its time where it does not.
    pub(crate) fn close(self: &Arc<Self>, steps: Vec<StepClose>, deadline: Instant) -> Boxed<'_> {
        let closes = async move {
            self.executor.probe().await;
            let group = GroupHandle::new(self.root.clone());
            let sequencer = self.clone();
            sequencer.begin_group(self.root.clone(), deadline, steps, &group);
            // What did not close stands in the report.
            drop(group.ended().await);
        };
        either(Box::pin(closes), self.executor.monitor())
    }

    /// Waits until what still ran as nobody waited for [`close`](Sequence::close) any more has been cut; where it blocks for
    /// more than a second, no longer.
    pub(crate) async fn given_up(&self) {
        let cut_ends = self.root.take_cut_ends();
        let cut = async {
            for end in cut_ends {
                end.await;
            }
        };
        let cut = either(Box::pin(cut), self.executor.monitor());
        ends_by(Instant::now() + CUT_WITHIN, cut).await;
    }
}

impl Sequencer for Sequence {
    fn begin_group(
        self: Arc<Self>,
        parent: Arc<StepState>,
        limit: Instant,
        steps: Vec<StepClose>,
        group: &GroupHandle,
    ) {
        let end = group.end().clone();
        let executor = self.executor.clone();
        if steps.len() > AT_ONCE {
            let spawns = executor.clone();
            executor.spawn(Box::new(move || {
                let group = Group::new(self, &parent, limit, steps);
                spawns.spawn_control(Box::pin(group.run(end)));
                Box::pin(ready(()))
            }));
            return;
        }
        // In the report before anybody has the time to begin it.
        let group = Group::new(self, &parent, limit, steps);
        executor.spawn_control(Box::pin(group.run(end)));
    }

    fn executor(&self) -> &Arc<Executor> {
        &self.executor
    }

    fn end_step(&self, step: &Arc<StepState>, outcome: Outcome, at: Instant) {
        Sequence::end_step(self, step, outcome, at);
    }

    #[cfg(feature = "test-util")]
    fn with_fault(&self, name: &str, close: Close) -> Close {
        faulty::with_fault(&self.faults, name, close)
    }

    fn begins_no_more(&self) -> bool {
        Sequence::begins_no_more(self)
    }

    fn hand_over(&self, mut last_words: Vec<StepClose>) {
        self.handed_over.lock().append(&mut last_words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Close, Context};
    use crate::executor::ThreadSettings;
    use crate::lock::Lock;
    use crate::outcome::Result;
    use crate::plan::{Overrides, Plan, TimeDemand};
    use crate::reason::Reason;
    use crate::shutdown::Shutdown;
    use crate::step_state::Room;
    use std::collections::BTreeSet;
    use std::future::pending;
    use tokio::runtime::{Builder, Runtime};
    use tokio::sync::Barrier;
    use tokio::time::{timeout, timeout_at};

    const LONG: Duration = Duration::from_secs(60);

    fn threads(max: usize) -> ThreadSettings {
        ThreadSettings {
            on_start: Arc::new(|| {}),
            max,
            is_local: false,
            stack_size: None,
        }
    }

    fn sequence(user: &Runtime, clock: &Runtime, threads: ThreadSettings) -> Arc<Sequence> {
        let (user, clock) = (user.handle().clone(), clock.handle().clone());
        Sequence::new(
            Executor::on_threads(user, clock, threads),
            Arc::new(Reason::MainReturned),
            None,
            None,
            #[cfg(feature = "test-util")]
            Arc::default(),
        )
    }

    fn step(name: String, close: Close) -> StepClose {
        StepClose {
            name: name.into(),
            order: Some(0),
            after: Vec::new(),
            demand: TimeDemand::OPEN,
            is_state: false,
            close,
        }
    }

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    /// More time would not help it.
    #[test]
    fn what_times_out_beside_a_blocked_runtime_says_so() {
        let note_beside = |user: Runtime| {
            let clock = runtime();
            let sequence = sequence(&user, &clock, threads(4));
            let hangs = step("hangs".to_owned(), Close::new(|_| pending()));
            let began = Instant::now();
            let closes = sequence.close(vec![hangs], began + Duration::from_secs(1));
            clock.block_on(closes);
            sequence.executor.finish();
            let all = &mut Room::new(usize::MAX);
            let mut reports = sequence.root().report_steps(began, Instant::now(), all);
            let report = reports.remove(0);
            assert_eq!(report.outcome, Outcome::TimedOut);
            report.note
        };
        // Nobody drives it.
        let note = note_beside(runtime()).expect("it is noted");
        assert!(note.starts_with("the runtime did not answer"), "{note}");
        let driven = Builder::new_multi_thread().worker_threads(1).build();
        assert_eq!(note_beside(driven.unwrap()), None);
    }

    #[test]
    fn a_runtime_that_does_not_answer_is_asked_once() {
        const ROUNDS: usize = 40;

        // Nobody drives the user's: each task that asks it stays alive.
        let (user, clock) = (runtime(), runtime());
        let sequence = sequence(&user, &clock, threads(4));
        clock.block_on(async {
            for round in 0..ROUNDS {
                let step = step(format!("round {round}"), Close::new(|_| ready(Ok(()))));
                sequence.close(vec![step], Instant::now() + LONG).await;
            }
        });
        // Beside the rounds the monitor asks, every 50 ms.
        let asked = sequence.executor.alive_tasks();
        sequence.executor.finish();
        assert!(asked < ROUNDS / 2, "asked {asked} times");
    }

    /// Of thousands each has next to no time of its own, and the one thread is held up for longer than that.
    #[test]
    fn a_step_whose_thread_is_late_is_begun_all_the_same() {
        const BEHIND: u32 = 3000;

        let (user, clock) = (runtime(), runtime());
        let sequence = sequence(&user, &clock, threads(1));
        let close = || Close::new(|_| ready(Ok(())));
        let blocks = Close::new(|_| {
            std::thread::sleep(Duration::from_millis(10));
            ready(Ok(()))
        });
        let mut steps = vec![
            step("blocks".to_owned(), blocks),
            step("late".to_owned(), close()),
        ];
        steps.extend((1..=BEHIND).map(|order| StepClose {
            order: Some(order),
            ..step(format!("behind {order}"), close())
        }));
        let began = Instant::now();
        let end = began + Duration::from_secs(2);
        clock.block_on(sequence.close(steps, end));
        sequence.executor.finish();
        let all = &mut Room::new(usize::MAX);
        let reports = sequence.root().report_steps(began, Instant::now(), all);
        assert_eq!(reports[1].name, "late");
        assert_eq!(reports[1].outcome, Outcome::Closed);
    }

    /// Where each step's limit is looked up.
    #[derive(Default)]
    struct Looks(Lock<BTreeSet<String>>);

    impl Overrides for Looks {
        fn applied(&self, plan: &Plan) -> Result<Plan, String> {
            Ok(*plan)
        }

        fn of_step(&self, _: &str) -> Option<TimeDemand> {
            let thread = std::thread::current();
            let name = thread.name().unwrap_or_default();
            self.0.lock().insert(name.to_owned());
            None
        }
    }

    /// Who defers in a tight loop leaves half a million of them, and the deadline is not to wait for that.
    #[test]
    fn what_is_of_the_users_size_is_not_done_by_who_owns_the_deadline() {
        let (user, clock) = (runtime(), runtime());
        let looks = Arc::new(Looks::default());
        let sequence = Sequence::new(
            Executor::on_threads(user.handle().clone(), clock.handle().clone(), threads(1)),
            Arc::new(Reason::MainReturned),
            None,
            Some(looks.clone()),
            #[cfg(feature = "test-util")]
            Arc::default(),
        );
        sequence.executor.make_ready();
        let steps = (0..=AT_ONCE).map(|at| step(at.to_string(), Close::new(|_| ready(Ok(())))));
        clock.block_on(sequence.close(steps.collect(), Instant::now() + LONG));
        sequence.executor.finish();
        let looked = looks.0.lock().iter().cloned().collect::<Vec<_>>();
        assert_eq!(looked, ["graceful-closing"]);
    }

    /// As on a busy machine: it is in nobody's code.
    #[test]
    fn a_thread_that_is_late_is_not_said_to_be_blocked() {
        let (user, clock) = (runtime(), runtime());
        let late = ThreadSettings {
            on_start: Arc::new(|| std::thread::sleep(Duration::from_millis(100))),
            ..threads(1)
        };
        let sequence = sequence(&user, &clock, late);
        let step = step("late".to_owned(), Close::new(|_| ready(Ok(()))));
        clock.block_on(sequence.close(vec![step], Instant::now() + LONG));
        assert_eq!(sequence.executor.exhausted(), None);
        sequence.executor.finish();
    }

    #[derive(Clone)]
    struct Hangs {
        begun: Arc<Barrier>,
        held: Arc<()>,
    }

    impl Shutdown for Hangs {
        async fn shutdown(self, _: Context) -> Result {
            self.begun.wait().await;
            pending::<()>().await;
            drop(self.held);
            Ok(())
        }
    }

    /// A host lives on, and with it a step that is not cut.
    #[test]
    fn what_runs_when_nobody_waits_any_more_is_cut() {
        let (user, clock) = (runtime(), runtime());
        let sequence = sequence(&user, &clock, threads(4));
        let (begun, held) = (Arc::new(Barrier::new(3)), Arc::new(()));
        let outer = Hangs {
            begun: begun.clone(),
            held: held.clone(),
        };
        let nested = vec![outer.clone()];
        let steps = vec![
            step("outer".to_owned(), Close::new(|cx| outer.shutdown(cx))),
            step("nested".to_owned(), Close::new(|cx| nested.shutdown(cx))),
        ];
        clock.block_on(async {
            // Longer than the test waits for anything.
            let closes = sequence.close(steps, Instant::now() + 2 * LONG);
            tokio::select! {
                () = closes => panic!("they hang"),
                both = timeout(LONG, begun.wait()) => both.expect("both begin"),
            };
            sequence.given_up().await;
        });
        sequence.executor.finish();
        assert_eq!(Arc::strong_count(&held), 1);
    }

    /// A runtime that is blocked keeps what it is given.
    #[test]
    fn where_no_thread_is_to_be_had_a_blocked_runtime_is_not_flooded() {
        const STEPS: usize = 50;

        // Nobody drives the user's, and a thread with all memory for its stack can't be started.
        let (user, clock) = (runtime(), runtime());
        let threads = ThreadSettings {
            stack_size: Some(usize::MAX),
            ..threads(STEPS)
        };
        let sequence = sequence(&user, &clock, threads);
        let steps = (0..STEPS).map(|at| step(at.to_string(), Close::new(|_| ready(Ok(())))));
        let steps = steps.collect();
        let deadline = Instant::now() + Duration::from_secs(1);
        clock.block_on(async {
            // Nobody polls them, so only the deadline ends it.
            let closes = timeout_at(deadline, sequence.close(steps, deadline));
            assert!(closes.await.is_err());
        });
        let alive = sequence.executor.alive_tasks();
        sequence.executor.finish();
        // Some hundred rounds of the monitor would be tens of thousands.
        assert!(alive < 40 * STEPS, "{alive} tasks");
    }
}
