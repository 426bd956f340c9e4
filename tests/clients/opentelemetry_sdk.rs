//! `opentelemetry_sdk` over OTLP, on either flavour of the runtime, with one worker.

use crate::kit::{Network, connections, in_each_way_to_be_cut, none_is_left, program, ready};
use crate::servers::collector::Collector;
use graceful::Signal;
use graceful::testing::{Ended, Program};
use std::time::Duration;

const FLAVOURS: [&str; 2] = ["opentelemetry-many-threads", "opentelemetry-one-thread"];

/// It exports as it is closed, and not before: what its own schedule has exported in vain is lost, and no error of the close.
fn exporter(flavour: &str, port: u16) -> Program {
    program(flavour, "load", port)
        .env("OTEL_BLRP_SCHEDULE_DELAY", "60000")
        .env("OTEL_BSP_SCHEDULE_DELAY", "60000")
}

fn stop(flavour: &str, collector: &Collector, turn: fn(&Collector)) -> Ended {
    let mut service = ready(exporter(flavour, collector.port()));
    service.after(Duration::from_millis(200));
    turn(collector);
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_within(Duration::from_secs(8))
        .assert_stdout(&["beside: closed"]);
    ended
}

#[test]
fn everything_is_delivered() {
    for flavour in FLAVOURS {
        let collector = Collector::start();
        let ended = stop(flavour, &collector, |_| {});
        ended.assert_code(0);
        none_is_left(&ended, || connections(collector.port()));
        let [spans, records, counted] = collector.received();
        let done = format!("acknowledged {spans}");
        assert_eq!([spans, records, counted], [spans; 3], "{ended}");
        ended.assert_stdout(&[&done]);
    }
}

#[test]
fn as_last_words_everything_is_delivered_too() {
    let collector = Collector::start();
    let ended = stop("opentelemetry-last-words", &collector, |_| {});
    ended.assert_code(0);
    none_is_left(&ended, || connections(collector.port()));
    let [spans, records, counted] = collector.received();
    assert_eq!([spans, records, counted], [spans; 3], "{ended}");
    ended.assert_stdout(&[&format!("acknowledged {spans}")]);
}

/// The exit code has been said by then, so that stands.
#[test]
fn last_words_to_a_collector_that_answers_nobody_cost_a_second_and_are_told_of() {
    let collector = Collector::start();
    let ended = stop("opentelemetry-last-words", &collector, Collector::block);
    ended
        .assert_code(0)
        .assert_within(Duration::from_secs(5))
        .assert_stderr(&["the last word `traces`: timed out"]);
}

/// Each signal costs its own limit, and nothing else waits for that.
#[test]
fn a_collector_that_answers_nobody_costs_the_limit() {
    for flavour in FLAVOURS {
        let ended = stop(flavour, &Collector::start(), Collector::block);
        for field in ["traces", "logs", "metrics"] {
            ended.assert_stderr(&[field, "timed out"]);
        }
        ended.assert_stderr(&["traces", "exporting what is left"]);
    }
}

/// The same where the network is cut, behind the first export.
#[test]
fn a_collector_that_is_cut_off_in_mid_close_costs_the_limit() {
    let collector = Collector::start();
    in_each_way_to_be_cut(|cut| {
        let network = Network::to(collector.port());
        let mut service = ready(exporter(FLAVOURS[1], network.port()));
        // What each span and record is called.
        network.cut_behind(b"work", cut, || {
            service.signal(Signal::Terminate);
        });
        let ended = service.end();
        ended
            .assert_code(1)
            .assert_within(Duration::from_secs(8))
            .assert_stdout(&["beside: closed"]);
        for field in ["traces", "logs", "metrics"] {
            ended.assert_stderr(&[field, "exporting what is left"]);
        }
    });
}

/// `shutdown` alone would say that all is well.
#[test]
fn what_a_collector_refuses_is_an_error() {
    for flavour in FLAVOURS {
        let ended = stop(flavour, &Collector::start(), Collector::refuse);
        for field in ["traces", "logs", "metrics"] {
            ended.assert_code(1).assert_stderr(&[field, "failed"]);
        }
    }
}
