//! The last values leave the process.

use crate::scraper::{Page, every_second, scrape};
use crate::{LOST, program};
use graceful::Signal;
use graceful::testing::Process;
use std::net::SocketAddr;
use std::time::Duration;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn measured() -> (Process, SocketAddr) {
    let mut process = program("measured").start();
    let line = process.wait_for_line("metrics on ");
    let address = line
        .strip_prefix("metrics on ")
        .and_then(|it| it.parse().ok());
    (process, address.expect("an address"))
}

fn value(page: &Page, name: &str) -> u64 {
    let value = page.get(name);
    let value = value.unwrap_or_else(|| panic!("there is no {name} in {page:#?}"));
    value
        .parse()
        .unwrap_or_else(|_| panic!("{name} is {value}"))
}

fn errors(page: &Page, component: &str, kind: &str) -> u64 {
    let name = "graceful_shutdown_errors_total";
    value(
        page,
        &format!("{name}{{component=\"{component}\",kind=\"{kind}\"}}"),
    )
}

fn left(page: &Page, component: &str) -> u64 {
    let name = "graceful_shutdown_left";
    value(page, &format!("{name}{{component=\"{component}\"}}"))
}

fn phase(page: &Page, phase: &str) -> u64 {
    value(page, &format!("graceful_phase{{phase=\"{phase}\"}}"))
}

#[test]
fn a_service_that_runs_is_ready_and_has_counted_no_error() {
    let (mut process, address) = measured();
    // `main` returns a moment after it has said so. One gauge after the other is set: a page may come in between.
    let page = (0..2000).find_map(|_| {
        let page = scrape(address)?;
        std::thread::sleep(ms(10));
        let runs = [value(&page, "graceful_ready"), phase(&page, "running")];
        (runs == [1, 1]).then_some(page)
    });
    let page = page.expect("it is ready");
    assert_eq!(phase(&page, "draining"), 0);
    let in_flight = value(&page, "graceful_shutdown_inflight{tracker=\"jobs\"}");
    assert_eq!(in_flight, 3);
    assert_eq!(value(&page, "graceful_websockets_open{server=\"chat\"}"), 7);
    // From the start, so that a first one is an increase.
    assert_eq!(errors(&page, "jobs", "timed_out"), 0);
    assert_eq!(errors(&page, "brokers.nats", "failed"), 0);
    assert_eq!(left(&page, "jobs"), 0);
    let is_duration = |name: &String| name.starts_with("graceful_shutdown_duration");
    assert!(!page.keys().any(is_duration), "{page:#?}");
    process.signal(Signal::Terminate).end().assert_code(1);
}

/// Wherever in its second the signal comes.
#[test]
fn a_scraper_that_polls_every_second_always_sees_the_final_counts() {
    let rounds: Vec<_> = (0..20)
        .map(|round| {
            std::thread::spawn(move || {
                let (mut process, address) = measured();
                let scraper = every_second(address, ms(0));
                process
                    .after(ms(1000 + 50 * round))
                    .signal(Signal::Terminate);
                process.end().assert_code(1);
                scraper.join().expect("it scrapes")
            })
        })
        .collect();
    for round in rounds {
        let last = round.join().expect("a round ends");
        let count = value(&last, "graceful_shutdown_duration_seconds_count");
        assert_eq!(count, 1, "{last:#?}");
        assert_eq!(errors(&last, "jobs", "timed_out"), 1, "{last:#?}");
        assert_eq!(errors(&last, "brokers.nats", "failed"), 1, "{last:#?}");
        assert_eq!(left(&last, "jobs"), 3, "{last:#?}");
        assert_eq!(value(&last, "graceful_ready"), 0, "{last:#?}");
        assert_eq!(phase(&last, "closing"), 1, "{last:#?}");
        let took = &last["graceful_shutdown_duration_seconds_sum"];
        let took: f64 = took.parse().expect("a number");
        assert!((0.4..8.0).contains(&took), "{took}");
        assert_eq!(value(&last, "graceful_shutdown_budget_seconds"), 10);
        let within = "graceful_shutdown_duration_seconds_bucket{le=\"10\"}";
        assert_eq!(value(&last, within), 1, "{last:#?}");
        // Not yet, and not because of that.
        let is_of_later = |name: &&String| {
            let of = |component| name.contains(&format!("component=\"{component}\""));
            (of("logs") || of("admin") || of("last_scrape")) && last[*name] != "0"
        };
        assert_eq!(last.keys().find(is_of_later), None, "{last:#?}");
    }
}

#[test]
fn where_nobody_scrapes_nobody_waits() {
    let (mut process, _) = measured();
    let ended = process.signal(Signal::Terminate).end();
    ended.assert_code(1).assert_within(ms(2000));
    ended.assert_stderr(&["last_scrape", "closed"]);
}

#[test]
fn a_scraper_that_is_gone_is_waited_for_no_longer_than_its_limit() {
    let waits = || {
        let (mut process, address) = measured();
        scrape(address).expect("it answers");
        process.signal(Signal::Terminate).end()
    };
    // It says so 200 ms before the limit: a machine that stands still may miss that.
    let mut ended = waits();
    for _ in 0..3 {
        if !ended.stood_still.is_zero() {
            ended = waits();
        }
    }
    ended
        .assert_code(1)
        .assert_within(LOST / 4)
        .assert_stderr(&["last_scrape", "closed; no scrape came within 1.8 s"]);
    assert!(ended.took >= ms(1800), "{ended}");
}
