//! Limits, deadline and the closes' own timers are of one clock, also where a test has paused or moved it.

use crate::life::stop;
use crate::ms;
use crate::program::Program;
use graceful::testing::{AssertReport as _, run};
use graceful::{Context, Embedded};
use std::future::pending;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{advance, pause, resume, sleep, timeout_at};

const MINUTE: Duration = Duration::from_mins(1);

/// A task that takes 100 ms once it is asked to stop.
fn worker(life: &Embedded) -> JoinHandle<()> {
    let requested = life.handle().requested();
    tokio::spawn(async move {
        requested.await;
        sleep(ms(100)).await;
    })
}

#[tokio::test(start_paused = true)]
async fn an_embedded_life_in_paused_time() {
    let life = Embedded::new();
    life.run(worker(&life));
    sleep(MINUTE).await;
    let report = life.stop(Duration::from_secs(5)).await;
    report.assert_clean().assert_within(ms(1000));
    assert!(report.total >= ms(100), "{report}");
}

/// A hang takes no real time there, and exactly its limit of the clock's.
#[tokio::test(start_paused = true)]
async fn a_hang_in_paused_time() {
    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "60s")]
        worker: JoinHandle<()>,
        #[shutdown(timeout = "1s", with = |(), _| async {})]
        db: (),
    }
    let began = std::time::Instant::now();
    let life = Embedded::new();
    life.run(App {
        worker: tokio::spawn(pending()),
        db: (),
    });
    sleep(MINUTE).await;
    let report = life.stop(2 * MINUTE).await;
    report.assert_timed_out("worker").assert_closed("db");
    // The clock may have gone on while what was cut was waited for.
    let waited = report.started("db");
    assert!(waited >= MINUTE && waited < MINUTE + ms(1000), "{report}");
    assert!(began.elapsed() < MINUTE / 2, "{report}");
}

/// From here on the clock is ahead of the real one, and runs with it.
async fn go_ahead() {
    pause();
    advance(MINUTE).await;
    resume();
}

#[test]
fn a_clock_that_was_moved_and_goes_on() {
    let report = stop("current_thread", Duration::from_secs(20), async |handle| {
        go_ahead().await;
        let requested = handle.requested();
        Some(tokio::spawn(async move {
            requested.await;
            sleep(ms(100)).await;
        }))
    });
    report.assert_clean().assert_within(ms(10_000));
    assert!(report.total >= ms(90), "{report}");
}

#[test]
fn its_limits_hold() {
    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "200ms")]
        worker: JoinHandle<()>,
        #[shutdown(timeout = "1s", with = |(), _| async {})]
        db: (),
    }
    let report = stop("current_thread", Duration::from_secs(20), async |_| {
        go_ahead().await;
        App {
            worker: tokio::spawn(pending()),
            db: (),
        }
    });
    report.assert_timed_out("worker").assert_closed("db");
    let waited = report.started("db");
    assert!(waited >= ms(190) && waited < ms(10_000), "{report}");
}

/// [`Context::deadline`] is for the timers of the close.
#[test]
fn a_close_may_set_its_timers_by_its_deadline() {
    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "3s", with = |(), cx| flush(cx))]
        queue: (),
    }
    async fn flush(cx: Context) -> graceful::Result {
        let remaining = cx.remaining();
        if remaining > Duration::from_secs(3) || remaining < ms(1000) {
            return Err(format!("{remaining:?} of 3 s remain").into());
        }
        let before = cx.deadline() - ms(2800);
        timeout_at(before, pending::<()>()).await.unwrap_err();
        Ok(())
    }
    for moves in [false, true] {
        let report = stop("current_thread", Duration::from_secs(5), async |_| {
            if moves {
                go_ahead().await;
            }
            App { queue: () }
        });
        report.assert_clean();
        assert!(report.total >= ms(150), "it waited for nothing\n{report}");
    }
}

#[test]
fn the_kit_lets_a_state_run_for_as_long_as_its_start_takes() {
    let report = run(async || {
        sleep(60 * MINUTE).await;
        let task: JoinHandle<()> = tokio::spawn(sleep(60 * MINUTE));
        task.abort();
        Some(tokio::spawn(async {
            graceful::requested().await;
            sleep(ms(100)).await;
        }))
    })
    .report();
    report.assert_clean();
    assert_eq!(report.total, ms(100));
}

#[graceful::test(start_paused = true)]
async fn a_test_with_a_life_closes_what_it_deferred() {
    sleep(MINUTE).await;
    graceful::defer("lease", |_| sleep(ms(100)));
    graceful::manage(tokio::spawn(async {
        graceful::requested().await;
        sleep(ms(100)).await;
    }));
}

#[test]
fn a_main_in_paused_time_closes_its_state() {
    let ended = Program::new("current_thread", "paused main").run();
    ended.code(0).said("closed worker").said("closed db");
}
