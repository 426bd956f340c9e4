//! Futures of ours, and waiting for them. `tokio::select!` and `tokio::join!` need tokio's macros, which a program may
//! not have.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// A future of one type, whatever it does: what takes it is compiled once.
pub(crate) type Boxed<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Polls `first`, then `second`, until one of them ends; the other is dropped.
pub(crate) async fn select<T>(
    first: impl Future<Output = T>,
    second: impl Future<Output = T>,
) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|task| match first.as_mut().poll(task) {
        Poll::Ready(value) => Poll::Ready(value),
        Poll::Pending => second.as_mut().poll(task),
    })
    .await
}

/// Of two that say nothing the first to end.
pub(crate) fn either<'a>(first: Boxed<'a>, second: Boxed<'a>) -> Boxed<'a> {
    Box::pin(select(first, second))
}

/// Polls both until both have ended.
pub(crate) async fn both(mut first: Boxed<'_>, mut second: Boxed<'_>) {
    let (mut is_first_over, mut is_second_over) = (false, false);
    poll_fn(|task| {
        is_first_over = is_first_over || first.as_mut().poll(task).is_ready();
        is_second_over = is_second_over || second.as_mut().poll(task).is_ready();
        if is_first_over && is_second_over {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Whether `future` ends by then; if not it is dropped.
pub(crate) async fn ends_by(deadline: Instant, future: Boxed<'_>) -> bool {
    timeout_at(deadline, future).await.is_ok()
}

/// So many turns has who is waited for.
const TURNS: u32 = 5;

/// Whether `future` ends or `is_so` becomes true within this time, which is waited for in turns of `longest` at most. A machine
/// that stands still takes one of them, and not all: whoever is to act when it goes on has the others.
pub(crate) async fn ends_within(
    time: Duration,
    longest: Duration,
    mut future: Boxed<'_>,
    is_so: impl Fn() -> bool,
) -> bool {
    let turn = (time / TURNS).min(longest);
    let mut left = time;
    loop {
        let next = turn.min(left);
        if timeout_at(Instant::now() + next, &mut future).await.is_ok() || is_so() {
            return true;
        }
        left -= next;
        if left.is_zero() {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::future::{pending, ready};
    use std::thread;
    use tokio::join;
    use tokio::runtime::Builder;
    use tokio::time::sleep;

    const TIME: Duration = Duration::from_millis(50);

    /// The clock goes on meanwhile, and nobody runs.
    fn machine_stands_still() {
        thread::sleep(2 * TIME);
    }

    #[test]
    fn a_machine_that_stands_still_takes_no_time_from_who_is_waited_for() {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let is_so = Cell::new(false);
        let acts = async {
            sleep(TIME / 10).await;
            machine_stands_still();
            sleep(TIME / 10).await;
            is_so.set(true);
        };
        let waits = ends_within(TIME, TIME, Box::pin(pending()), || is_so.get());
        let (has_acted, ()) = runtime.block_on(async { join!(waits, acts) });
        assert!(has_acted);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_waited_for_no_longer_than_its_time() {
        for (time, longest) in [(50, 50), (1000, 50), (7, 7), (0, 50)] {
            let [time, longest] = [time, longest].map(Duration::from_millis);
            let began = Instant::now();
            assert!(!ends_within(time, longest, Box::pin(pending()), || false).await);
            assert!(
                began.elapsed() < time + TIME,
                "{:?} of {time:?}",
                began.elapsed()
            );
        }
        assert!(ends_within(TIME, TIME, Box::pin(ready(())), || false).await);
    }
}
