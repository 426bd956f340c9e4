//! The forced exit: after a second signal, or where the deadline has passed and the main thread is stuck.

use crate::futures::ends_by;
use crate::latch::Latch;
use crate::log::to_stderr;
use crate::logging::report_to_stderr;
use crate::reason::Signal;
use crate::settings::ReportWhen;
use crate::stop::Supervisor;
use crate::thread;
use crate::thread_state::{LOOK, Looks, WHILE_IT_WORKS, current_thread, works};
use std::io;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;

/// How long it may take to say what is said last: after a signal somebody waits for it, who may send a third. With
/// 300 ms a machine at a load of 20 ended without the report.
const AFTER_A_SIGNAL: Duration = Duration::from_secs(1);
/// At the deadline nothing is left; less, and a busy machine does not get to it. Where nothing but that machine holds up who says
/// it, he has [`WHILE_IT_WORKS`] more: without it records were lost at a load of 16 on two processors.
const AT_THE_DEADLINE: Duration = Duration::from_millis(150);

/// Ends the process with the report's code, by a second signal or at the deadline, once the report is written or
/// has had its time, and after it the last words.
pub(crate) async fn end_process(supervisor: &Arc<Supervisor>, forced_by: Option<Signal>) {
    let patience = match forced_by {
        Some(_) => supervisor.patience_after_a_signal(),
        None => AT_THE_DEADLINE,
    };
    // A report of 50,000 steps beside eleven more processes on two processors took 1.9 s. Near the deadline there is no such time.
    let while_it_works = if patience == AFTER_A_SIGNAL {
        2 * WHILE_IT_WORKS
    } else {
        WHILE_IT_WORKS
    };
    {
        let mut found = supervisor.found();
        found.is_forced = true;
        // The deadline may come to it beside a signal.
        found.forced_by = found.forced_by.or(forced_by);
    }
    // Behind that: a sequence which is made now finds it there. What began after the report would be another thing than it
    // says, and come beside the last words.
    if let Some(sequence) = supervisor.sequence.get() {
        sequence.begin_no_more();
    }
    let code = supervisor.settle_code(supervisor.short_report().exit_code);
    let last_words = supervisor.last_words();
    let said = Arc::new(Latch::new());
    let thread_of_it = Arc::new(OnceLock::new());
    let (says, has_said, tells) = (supervisor.clone(), said.clone(), thread_of_it.clone());
    let say = move || {
        let _ = tells.set(current_thread());
        say_last(&says, patience / 2);
        if last_words.is_none() {
            says.leave(code)
        }
        has_said.open();
    };
    if thread::start("graceful-exit", None, Box::new(say)).is_err() {
        // No thread is to be had: that of the log says it, before the hooks, which it is lent too.
        let _ = thread_of_it.set(supervisor.log.thread());
        let (says, has_said) = (supervisor.clone(), said.clone());
        let say = move || {
            say_last(&says, Duration::ZERO);
            has_said.open();
        };
        let lent = supervisor.log.lend(Box::new(say));
        // Beside it: nothing but a disk holds the record up.
        supervisor.publish(&Arc::new(supervisor.short_report()));
        if let Err(say) = lent {
            // Rather a report that may block, since nothing else is left to do. The log and the hooks are the user's.
            say();
        }
    }
    let mut looks = Looks::new(patience, patience + while_it_works);
    loop {
        let began = Instant::now();
        if ends_by(began + looks.turn(), said.opened()).await {
            break;
        }
        let works = supervisor.works() || works(thread_of_it.get().copied().flatten());
        if !looks.go_on(began.elapsed(), works) {
            break;
        }
    }
    if let Some(last_words) = last_words {
        last_words.close(supervisor).await;
    }
    supervisor.leave(code)
}

impl Supervisor {
    /// No second signal makes the end a later one than the deadline would.
    fn patience_after_a_signal(&self) -> Duration {
        let left = self.lifecycle.stop().map_or(AFTER_A_SIGNAL, |stop| {
            stop.deadline.saturating_duration_since(Instant::now())
        });
        left.clamp(AT_THE_DEADLINE, AFTER_A_SIGNAL)
    }

    /// Where the end is forced the main thread is not let go any more: it would end the process under who says the last words
    /// of it, some of which that has taken on itself.
    pub(crate) fn wait_where_the_end_is_forced(&self) {
        let is_forced = || {
            let found = self.found();
            found.is_forced && !found.is_lost
        };
        while is_forced() {
            std::thread::park_timeout(LOOK);
        }
    }
}

/// The report, through the log and to standard error; and `main`'s error, which it will not come to print.
fn say_last(supervisor: &Supervisor, log_budget: Duration) {
    let report = Arc::new(supervisor.short_report());
    supervisor.publish(&report);
    // Else nobody listens.
    if tracing::dispatcher::has_been_set() {
        supervisor.log_report(&report, None);
    }
    // Before the log is waited for, which is the user's: on a busy machine there may be no time left.
    if supervisor.settings.report != ReportWhen::Never {
        let on_stderr = &supervisor.publishing.on_stderr;
        on_stderr.get_or_init(|| report_to_stderr(&report));
    }
    if let Some(error) = supervisor.lifecycle.codes().take_error() {
        // As the standard library has it.
        drop(io::stderr().write_all(format!("Error: {error}\n").as_bytes()));
    }
    if !log_budget.is_zero() {
        supervisor.flush(log_budget);
    }
}

/// Ends a process that is on its way, and does not come to its end by itself.
pub(crate) fn end_hanging_exit(supervisor: &Arc<Supervisor>, code: u8) -> ! {
    const WHY: &str = "the process did not end by itself: an exit handler, or a destructor of the main thread's locals, \
               has not returned";
    // Where nobody reads, or the disk hangs, it blocks, and must not keep the process.
    let corrects = supervisor.clone();
    let say = Box::new(move || {
        corrects.correct_record(code);
        to_stderr(WHY);
    });
    drop(thread::run_within(AT_THE_DEADLINE, "graceful-exit", say));
    supervisor.leave_unflushed(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::Executor;
    use crate::lifecycle::{Lifecycle, Terms};
    use crate::reason::Reason;
    use crate::settings::Settings;
    use std::sync::mpsc::channel;
    use tokio::runtime::Builder;

    /// Of a life whose stop has this long.
    fn patience_within(budget: Duration) -> Duration {
        let runtime = Builder::new_current_thread().build().unwrap();
        let executor = Executor::in_runtime(runtime.handle().clone());
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        lifecycle.begin_stop_within(Arc::new(Reason::MainReturned), budget);
        let supervisor = Supervisor::new(lifecycle, Settings::default(), executor);
        supervisor.patience_after_a_signal()
    }

    #[test]
    fn a_second_signal_lengthens_no_stop() {
        assert_eq!(patience_within(Duration::from_secs(60)), AFTER_A_SIGNAL);
        let half = patience_within(AFTER_A_SIGNAL / 2);
        assert!(half <= AFTER_A_SIGNAL / 2, "{half:?}");
        // Who says it is given a turn all the same.
        assert_eq!(patience_within(AT_THE_DEADLINE / 2), AT_THE_DEADLINE);
    }

    #[test]
    fn the_main_thread_is_not_let_go_while_the_end_is_forced() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let executor = Executor::in_runtime(runtime.handle().clone());
        let lifecycle = Lifecycle::new(false, Terms::OF_HOST);
        let supervisor = Arc::new(Supervisor::new(lifecycle, Settings::default(), executor));
        supervisor.wait_where_the_end_is_forced();

        supervisor.found().is_forced = true;
        let (waits, (go, gone)) = (supervisor.clone(), channel());
        let main = std::thread::spawn(move || {
            waits.wait_where_the_end_is_forced();
            go.send(()).expect("it is waited for");
        });
        assert!(gone.recv_timeout(5 * LOOK).is_err());
        // Nobody is there any more to end it.
        supervisor.found().is_lost = true;
        gone.recv().expect("it is let go");
        main.join().expect("it does not panic");
    }
}
