//! The watch lasts until the process is gone: what runs behind `main` and never returns ends at the deadline,
//! or by a second signal.

use crate::ms;
use crate::program::{Ended, Program};
use graceful::Signal;
use std::path::Path;
use std::time::Instant;

on_each_flavor!(
    an_exit_handler_that_never_returns_ends_at_the_deadline,
    a_thread_local_that_never_lets_go_ends_at_the_deadline,
    an_exit_handler_after_exit_ends_at_the_deadline,
    the_record_is_corrected_where_an_exit_handler_never_returns,
    a_second_signal_ends_an_exit_handler,
    a_second_signal_ends_a_thread_local,
    a_copy_of_the_signal_cuts_no_exit_handler,
    the_corrected_record_names_the_signal_that_ended_an_exit_handler,
);

const EXIT_HANDLER: &str = "an exit handler never returns";
const THREAD_LOCAL: &str = "a thread-local never lets go";
const AFTER_EXIT: &str = "exits, and an exit handler never returns";

const IN_THE_HANDLER: &str = "in the exit handler";
const IN_THE_DROP: &str = "in the thread-local's drop";

fn an_exit_handler_that_never_returns_ends_at_the_deadline(flavor: &str) {
    let ended = Program::new(flavor, EXIT_HANDLER).arg("3000").stop();
    ended.said(IN_THE_HANDLER).within(ms(3000));
}

fn a_thread_local_that_never_lets_go_ends_at_the_deadline(flavor: &str) {
    let ended = Program::new(flavor, THREAD_LOCAL).arg("3000").stop();
    ended.said(IN_THE_DROP).within(ms(3000));
}

fn an_exit_handler_after_exit_ends_at_the_deadline(flavor: &str) {
    let ended = Program::new(flavor, AFTER_EXIT).arg("3000").run();
    ended.said(IN_THE_HANDLER).within(ms(3000));
}

/// The first record was written before anybody could know: the second one.
fn corrected(file: &Path) -> String {
    let records = std::fs::read_to_string(file).expect("there is a record");
    let records: Vec<&str> = records.lines().collect();
    let [first, second] = records[..] else {
        panic!("not two records: {records:#?}");
    };
    assert!(first.contains(r#""exit_code":0,"#), "{first}");
    let cause = r#""causes":[{"component":"exit_handler","kind":"blocked","#;
    assert!(second.contains(cause), "{second}");
    assert!(second.contains(r#""clean":false,"#), "{second}");
    second.to_owned()
}

fn the_record_is_corrected_where_an_exit_handler_never_returns(flavor: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("record.json");
    let ended = Program::new(flavor, EXIT_HANDLER)
        .arg("3000")
        .record(&file)
        .stop();
    ended.code(124).said(IN_THE_HANDLER).within(ms(3000));
    let record = corrected(&file);
    assert!(record.contains(r#""forced_by":null,"#), "{record}");
    assert!(record.contains(r#""exit_code":124,"#), "{record}");
    assert!(record.contains(r#""deadline_passed":true,"#), "{record}");
}

fn the_corrected_record_names_the_signal_that_ended_an_exit_handler(flavor: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("record.json");
    let program = Program::new(flavor, EXIT_HANDLER).arg("20000");
    end_by_a_second_signal(program.record(&file), IN_THE_HANDLER);
    let record = corrected(&file);
    assert!(record.contains(r#""forced_by":"SIGTERM","#), "{record}");
    assert!(record.contains(r#""exit_code":143,"#), "{record}");
    assert!(record.contains(r#""deadline_passed":false,"#), "{record}");
}

/// Long before the deadline.
fn end_by_a_second_signal(program: Program, line: &str) {
    let mut process = program.start();
    process.wait_for_line("ready");
    process.signal(Signal::Terminate);
    process.wait_for_line(line);
    // Such as follow the first one at once are one request with it.
    process.after(ms(400));
    let ended = Ended(process.signal(Signal::Terminate).end());
    ended.code(143).within(ms(1000));
}

fn a_second_signal_ends_an_exit_handler(flavor: &str) {
    let program = Program::new(flavor, EXIT_HANDLER).arg("20000");
    end_by_a_second_signal(program, IN_THE_HANDLER);
}

fn a_second_signal_ends_a_thread_local(flavor: &str) {
    let program = Program::new(flavor, THREAD_LOCAL).arg("20000");
    end_by_a_second_signal(program, IN_THE_DROP);
}

/// As `npm` and `cargo run` send it, when the stop itself is over.
fn a_copy_of_the_signal_cuts_no_exit_handler(flavor: &str) {
    for _ in 0..3 {
        let mut process = Program::new(flavor, EXIT_HANDLER).arg("3000").start();
        process.wait_for_line("ready");
        let signalled = Instant::now();
        process.signal(Signal::Terminate);
        process.wait_for_line(IN_THE_HANDLER);
        process.signal(Signal::Terminate);
        let came_at_once = signalled.elapsed() < ms(200);
        let ended = Ended(process.end());
        if came_at_once && ended.stood_still.is_zero() {
            // By the deadline, and not by the copy.
            ended.code(124).within(ms(3000));
            return;
        }
        // On a busy machine the handler may come so late that the copy is a request of its own.
        assert!(matches!(ended.status.code(), Some(124 | 143)), "{}", *ended);
    }
}
