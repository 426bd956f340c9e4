//! The stop as OpenTelemetry has it.

use crate::program;
use graceful::Signal;

#[test]
fn the_stop_is_a_span_with_a_child_for_each_step() {
    let mut process = program("traced").start();
    process.wait_for_line("ready");
    let ended = process.signal(Signal::Terminate).end();
    ended.assert_code(1);
    for span in [
        "span close sender in shutdown: ok",
        "span close brokers.0 in close brokers: error",
        "span close brokers in shutdown: error",
        "span shutdown in nothing: error",
    ] {
        ended.assert_stdout(&[span]);
    }
}
