//! Hand-written closes that poll their steps themselves, with wakers that are not ours.

use super::{Field, closed, life, lines, ms, step};
use crate::{Context, Plan, Result, Shutdown, Step, Steps, defer};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use tokio::time::sleep;

/// Looks every now and then whether its steps have ended, and is woken by nobody.
struct Looks {
    waker: fn(&Context) -> Waker,
}

impl Shutdown for Looks {
    const PLAN: Plan = Plan::new("Looks", &[Step::new("hangs").timeout(ms(50))]);

    async fn shutdown(self, cx: Context) -> Result {
        let mut steps = Steps::new(cx.clone(), Self::PLAN);
        steps.close(Field::Hangs);
        let mut closing = steps.run();
        loop {
            let waker = (self.waker)(&cx);
            let polled = Pin::new(&mut closing).poll(&mut std::task::Context::from_waker(&waker));
            drop(waker);
            if let Poll::Ready(outcome) = polled {
                return outcome;
            }
            sleep(ms(20)).await;
        }
    }
}

struct App {
    looks: Looks,
    db: Field,
}

impl Shutdown for App {
    const PLAN: Plan = Plan::new("App", &[step("looks", 0, Some(500)), step("db", 1, None)]);

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Self::PLAN);
        steps.close(self.looks);
        steps.close(self.db);
        steps.run()
    }
}

fn app(waker: fn(&Context) -> Waker) -> App {
    App {
        looks: Looks { waker },
        db: Field::Takes(ms(10)),
    }
}

const AS_WITHOUT: [&str; 3] = [
    "looks failed: not closed: `looks.hangs` 0-60",
    "looks.hangs timed out 0-50",
    "db closed 60-70",
];

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("the executor is gone");
    }
}

/// It is the supervisor that takes the step away, and wakes.
#[test]
fn a_waker_that_panics_takes_nobody_with_it() {
    let report = closed(app(|_| Waker::from(Arc::new(Panics))));
    assert_eq!(lines(&report), AS_WITHOUT, "{report}");
}

struct Tells(Context);

impl Wake for Tells {
    fn wake(self: Arc<Self>) {}
}

impl Drop for Tells {
    fn drop(&mut self) {
        self.0.progress("a waker is gone");
    }
}

#[test]
fn a_waker_that_is_put_aside_may_ask_the_board_something() {
    let report = closed(app(|cx| Waker::from(Arc::new(Tells(cx.clone())))));
    assert_eq!(lines(&report), AS_WITHOUT, "{report}");
}

struct DropPanics;

impl Drop for DropPanics {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

/// Its own panic drops its steps.
struct PanicsMeanwhile;

impl Shutdown for PanicsMeanwhile {
    const PLAN: Plan = Plan::new("PanicsMeanwhile", &[Step::new("step")]);

    async fn shutdown(self, cx: Context) -> Result {
        let mut steps = Steps::new(cx, Self::PLAN);
        steps.call(DropPanics, |held, _| async move {
            let _held = held;
            std::future::pending().await
        });
        let closing = steps.run();
        let meanwhile = async {
            sleep(ms(10)).await;
            panic!("meanwhile")
        };
        tokio::join!(closing, meanwhile).0
    }
}

#[test]
fn a_step_whose_drop_panics_while_its_close_does_is_caught() {
    let (_, report) = life(async { defer("close", |cx| PanicsMeanwhile.shutdown(cx)) });
    assert_eq!(
        lines(&report),
        [
            "close panicked: meanwhile 0-10",
            "close.step timed out 0-10"
        ]
    );
}
