//! Brings the core to one of its limits: `core-limits <flavor> <case> [number]`.

mod again;
mod busy;
mod clock;
mod dying;
mod end;
mod forced;
mod hours_later;
mod left;
mod logger;
mod special;
mod threads;
mod wide;

use graceful::{Builder, ReportWhen, Signal};
use std::io::Write as _;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn main() -> ExitCode {
    let case = argument(2);
    match &*case {
        "a close defers another, for ever" => again::in_a_close(),
        "a thread defers in a tight loop" => again::in_a_tight_loop(),
        "stops on a busy machine" => busy::stops(),
        "paused main" => clock::main(),
        "an exit handler never returns" => end::exit_handler(),
        "a thread-local never lets go" => end::thread_local(),
        "exits, and an exit handler never returns" => end::exit_handler_after_exit(),
        "a close uses a table that is freed" => left::close(),
        "a last word uses a table that is freed" => left::last_word(),
        "blocking work uses a table that is freed" => left::blocking_work(),
        "a table is freed" => left::nothing(),
        "a field ends behind the report" => forced::field(),
        "what was deferred ends behind the report" => forced::deferred(),
        "dies of the signal" => dying::closed(),
        "dies of the signal, and a close hangs" => dying::hanging(),
        "dies of the signal, but was asked for a code" => dying::exiting(),
        "dies of no signal" => dying::requested(),
        "main dies of the signal" => match dying::main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        "hears SIGHUP and SIGTERM" => dying::hears(&[Signal::Hangup, Signal::Terminate]),
        "hears SIGINT" => dying::hears(&[Signal::Interrupt]),
        "a late signal" => hours_later::late_signal(),
        "an old code" => hours_later::code(),
        "it logs by `log`" => logger::is_set(),
        "a close recurses" => special::recurses(),
        "a close spawns locally" => special::spawns_locally(),
        "a close blocks past its limit" => threads::blocks_past_its_limit(),
        "a close blocks within its limit" => threads::blocks_within_its_limit(),
        "a hook never returns" => threads::hook_blocks(),
        "a hook never returns, and nothing is started" => threads::hook_blocks_without_a_thread(),
        "a close and a hook never return" => threads::close_and_hook_block(),
        "a host stops its service" => threads::in_a_host(),
        "blocks in many closes" => threads::blocks_in_many_closes(),
        "blocks in a few closes" => threads::blocks_in_a_few_closes(),
        "many nested closes hang" => wide::hangs(),
        "many nested closes hang for long" => wide::hangs_for_long(),
        "many closes end at once" => wide::end_at_once(),
        _ => panic!("no case {case:?}"),
    }
}

fn argument(at: usize) -> String {
    let mut arguments = std::env::args();
    arguments
        .nth(at)
        .expect("called as `core-limits <flavor> <case> [number]`")
}

/// The number of the case.
fn number() -> usize {
    argument(3).parse().expect("a number")
}

/// On the flavor that was asked for.
fn builder() -> Builder {
    let flavor = argument(1);
    let builder = match &*flavor {
        "multi_thread" => Builder::multi_thread().worker_threads(2),
        "current_thread" => Builder::current_thread(),
        "local" => Builder::local(),
        _ => panic!("no flavor {flavor:?}"),
    };
    builder.report(ReportWhen::Always)
}

fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // Whoever read it may be gone.
    drop(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
}

/// Says so once `main` has returned its state: a signal before that is one in the start-up.
fn ready_once_running() {
    let handle = graceful::Handle::current();
    thread::spawn(move || {
        while handle.phase() < graceful::Phase::Running {
            thread::sleep(ms(1));
        }
        say("ready");
    });
}

/// What the kernel counts for this process.
fn kernel_counts(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    value.and_then(|value| value.parse().ok()).expect(name)
}
