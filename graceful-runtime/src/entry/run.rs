//! From the first line of `main` to its exit code.

use super::body::{Ended, drive, drop_outside, into_output, panicked};
use super::builder::Builder;
use super::environment;
use super::returns::{Keeps, Main, TryState, number};
use super::runtime::Owned;
use crate::executor::{Executor, ThreadSettings};
use crate::format::Seconds;
use crate::lifecycle::{Handle, Lifecycle, Terms, enter};
use crate::plan::Plan;
use crate::reason::Reason;
use crate::report::{CauseKind, LeftBehind};
use crate::shutdown::Shutdown;
use crate::stop::{LOG_FLUSH_BUDGET, RuntimeThreads, SERVING, Serving, Supervisor};
use crate::supervise::{Clock, MainGuard};
use std::cell::Cell;
use std::fmt;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What the last words get where the deadline has passed.
const AT_THE_DEADLINE: Duration = Duration::from_millis(50);

impl Builder {
    /// Runs `body` and passes its value through, after everything that was
    /// [deferred](crate::defer) or [managed](crate::manage) has been closed.
    ///
    /// Where a signal or an [`exit`](crate::exit) cut the body there is no value: the process ends
    /// then, with the report's exit code. Others that run beside it are asked to stop, and end first.
    /// Where it returns the exit code is up to the caller, and the report names none.
    ///
    /// # Panics
    ///
    /// If called inside a runtime, if the runtime or the signals' handlers can't be set up, if the
    /// timeout is zero or the delay not shorter than it, and with the body's own panic.
    #[track_caller]
    pub fn run<F: Future>(self, body: F) -> F::Output {
        run(self, body)
    }

    /// Runs `start`, then keeps the state that it returns until the process is to stop, and
    /// closes it. What it returns is for `main` to return.
    ///
    /// # Panics
    ///
    /// As [`run`](Builder::run).
    ///
    /// ```no_run
    /// use graceful::Builder;
    /// use std::process::ExitCode;
    ///
    /// fn main() -> ExitCode {
    ///     Builder::multi_thread().run_state(async {
    ///         let worker = tokio::spawn(async { graceful::requested().await });
    ///         Ok::<_, std::io::Error>(worker)
    ///     })
    /// }
    /// ```
    #[track_caller]
    pub fn run_state<S, E>(self, start: impl Future<Output = Result<S, E>>) -> ExitCode
    where
        S: Shutdown,
        E: fmt::Debug + 'static,
    {
        run_main(self, TryState, ProcessEnds::WithMainThread, start)
    }
}

/// What a body is of.
#[derive(Clone, Copy)]
struct Role {
    /// None where it only starts a state up.
    serving: Option<Serving>,
    /// Its caller goes on when it has returned.
    is_function: bool,
}

/// Runs the function `main` where what it returns goes to its caller: where that stands for another exit code than the
/// stop's, the process ends with the stop's.
#[track_caller]
pub(crate) fn run_as_written<F: Future>(
    builder: Builder,
    kind: &impl Keeps<F::Output>,
    process_ends: bool,
    body: F,
) -> F::Output {
    let role = Role {
        serving: Some(SERVING),
        is_function: !process_ends,
    };
    let (ended, code, guard) = live(builder, role, None, body, |handle, returned| {
        let own = kind.returned(handle, &returned);
        (own, returned)
    });
    drop(std::io::stdout().flush());
    let end = |guard: MainGuard, code: u8| {
        if process_ends {
            // Where it stands for an error that is printed then, and may block: the supervisor stays.
            guard.release(code);
        }
    };
    let code = match ended {
        Ended::Panicked(payload) => {
            end(guard, code.unwrap_or(1));
            resume_unwind(payload)
        }
        Ended::Returned((own, returned)) => {
            let code = code.unwrap_or(own);
            if code == own && !(process_ends && guard.ends_otherwise()) {
                end(guard, code);
                return returned;
            }
            kind.print(returned);
            code
        }
        Ended::Dropped => code.unwrap_or(0),
    };
    match kind.of_code(code) {
        Some(returned) => {
            end(guard, code);
            returned
        }
        None => guard.exit(code),
    }
}

/// What follows when the function has returned that runs a program.
#[derive(Clone, Copy)]
pub(crate) enum ProcessEnds {
    /// It is `main` itself.
    Now,
    /// It was called by somebody, who may go on.
    WithMainThread,
}

/// Runs the function `main`: its exit code says what happened.
#[track_caller]
pub(crate) fn run_main<F: Future>(
    builder: Builder,
    kind: impl Main<F::Output>,
    process_ends: ProcessEnds,
    body: F,
) -> ExitCode {
    let role = Role {
        serving: kind.serving(),
        is_function: false,
    };
    let plan = kind.plan();
    let (ended, code, guard) = live(builder, role, plan, body, |handle, returned| {
        kind.returned(handle, returned)
    });
    let end = |guard: MainGuard, code: u8| match process_ends {
        ProcessEnds::Now => guard.release(code),
        ProcessEnds::WithMainThread => guard.release_at_exit(code),
    };
    // Here the supervisor ends a wait for a pipe that nobody reads; at the exit nobody would.
    drop(std::io::stdout().flush());
    // `main`'s own is kept where it is the one: it may be beyond what a number says.
    let own = match ended {
        // It prints `main`'s error, which blocks where nobody reads: the supervisor stays.
        Ended::Returned(own) => own(),
        Ended::Panicked(payload) => {
            end(guard, code.unwrap_or(1));
            resume_unwind(payload)
        }
        Ended::Dropped => ExitCode::SUCCESS,
    };
    let own_number = number(own);
    let code = code.unwrap_or(own_number);
    end(guard, code);
    if code == own_number {
        own
    } else {
        ExitCode::from(code)
    }
}

/// Runs any other function: its value passes through. Where a signal cut it there is none, and the
/// process ends as `main`'s would; and where `exit` was called.
#[track_caller]
pub(crate) fn run<F: Future>(builder: Builder, body: F) -> F::Output {
    let role = Role {
        serving: Some(SERVING),
        is_function: true,
    };
    let (ended, code, guard) = live(builder, role, None, body, |handle, returned| {
        handle.request(Reason::MainReturned);
        returned
    });
    match ended {
        Ended::Returned(returned) if !guard.exit_was_called() => {
            drop(guard);
            returned
        }
        Ended::Panicked(payload) => {
            drop(guard);
            resume_unwind(payload)
        }
        ended @ (Ended::Returned(_) | Ended::Dropped) => {
            drop(ended);
            guard.exit(code.unwrap_or(0))
        }
    }
}

/// A whole life but for the supervisor's end, with the exit code of its report: `returned` takes what the
/// body returns, and gives the reason for the stop unless it is to run on.
#[track_caller]
fn live<F: Future, T>(
    builder: Builder,
    role: Role,
    plan: Option<&Plan>,
    body: F,
    returned: impl FnOnce(&Handle, F::Output) -> T,
) -> (Ended<T>, Option<u8>, MainGuard) {
    let (output, value) = (Cell::new(None), Cell::new(None));
    let body = into_output(Box::pin(body), &output);
    let returned = |handle: &Handle| {
        value.set(output.take().map(|output| returned(handle, output)));
    };
    let (ended, code, guard) = life(builder, role, plan, body, Box::new(returned));
    (ended.with(&value), code, guard)
}

/// The same for every program: compiled once, and not with the user's crate.
#[track_caller]
fn life(
    builder: Builder,
    role: Role,
    plan: Option<&Plan>,
    body: Pin<Box<dyn Future<Output = ()> + '_>>,
    returned: Box<dyn FnOnce(&Handle) + '_>,
) -> (Ended<()>, Option<u8>, MainGuard) {
    let Builder { settings, runtime } = builder;
    let (settings, limits) = environment::settle(settings, plan);
    let terms = Terms::of(&settings);
    let lifecycle = Lifecycle::of_process(role.serving.is_none(), terms);
    if let Some(limits) = limits {
        lifecycle.set_limits(limits);
    }
    if runtime.end_with_a_task() {
        lifecycle.forbid_unwinding();
    }
    let weak = Arc::downgrade(&lifecycle);
    let runtime_threads = RuntimeThreads::of_builder(runtime.is_configured());
    let on_start = move || enter(&weak).for_good();
    let (is_paused, is_local) = (runtime.is_paused(), runtime.is_local());
    let on_start_of_runtime = {
        let (on_start, runtime_threads) = (on_start.clone(), runtime_threads.clone());
        move || {
            on_start();
            runtime_threads.add_this();
        }
    };
    // Before the signals are taken: where it can't run, the process is as it was.
    let runtime = Owned::build(runtime, on_start_of_runtime)
        .unwrap_or_else(|error| panic!("graceful could not start the runtime: {error}"));
    // Panics inside another runtime, at the user's line.
    runtime.assert_outside();
    let clock = Clock::with_signals()
        .unwrap_or_else(|error| panic!("graceful could not take the signals: {error}"));
    let executor = if is_paused {
        lifecycle.set_paused_clock(runtime.handle());
        Executor::in_runtime(runtime.handle())
    } else {
        let threads = ThreadSettings {
            on_start: Arc::new(on_start),
            max: settings.closing_threads,
            is_local,
            stack_size: settings.closing_stack_size,
        };
        Executor::on_threads(runtime.handle(), clock.handle(), threads)
    };
    let mut supervisor = Supervisor::new(lifecycle.clone(), settings, executor);
    supervisor.serving = role.serving;
    supervisor.runtime_threads = runtime_threads;
    let supervisor = Arc::new(supervisor);
    let guard = MainGuard::start(supervisor.clone(), clock).unwrap_or_else(|error| {
        panic!("graceful could not start the thread that takes the signals: {error}")
    });

    let _entered = enter(&Arc::downgrade(&lifecycle));
    let (mut body, mut ended) = (body, None);
    runtime.block_on(pin!(async {
        ended = Some(drive(&lifecycle, body.as_mut()).await);
    }));
    let ended = ended.expect("it was driven to its end");
    if matches!(ended, Ended::Dropped) {
        lifecycle.body().drop_begins();
    }
    let ended = drop_outside(&runtime.handle(), body, ended);
    let mut settled = None;
    runtime.block_on(pin!(async {
        let ended = settle(&lifecycle, &supervisor, ended, returned);
        if role.is_function && !matches!(ended, Ended::Dropped) {
            supervisor.found().function_returns = true;
        }
        settled = Some(ended);
        lifecycle.body().set_ended();
        lifecycle.stopped().await;
    }));
    let ended = settled.expect("it was settled first");

    let limit = supervisor
        .runtime_ends_by(Instant::now())
        .saturating_duration_since(Instant::now());
    let began = Instant::now();
    supervisor.log.waits("the runtime to end", limit);
    runtime.shutdown_timeout(limit);
    supervisor.found().runtime_ended = Some(Instant::now());
    if !limit.is_zero() && began.elapsed() >= limit {
        let limit = Seconds(limit, 1);
        let what = format!("blocking work or a blocked task, which had not ended after {limit}");
        supervisor.abandon(LeftBehind::new(
            "blocking_work",
            CauseKind::LeftBehind,
            what,
        ));
    }
    let code = supervisor.conclude().map(|report| report.exit_code);
    let patience = if limit.is_zero() {
        AT_THE_DEADLINE
    } else {
        LOG_FLUSH_BUDGET
    };
    supervisor.flush(patience);
    supervisor.wait_where_the_end_is_forced();
    (ended, code, guard)
}

/// Takes what the body returned, or the reason that its end is for the stop.
fn settle(
    lifecycle: &Arc<Lifecycle>,
    supervisor: &Supervisor,
    ended: Ended<()>,
    returned: Box<dyn FnOnce(&Handle) + '_>,
) -> Ended<()> {
    let ended = match ended {
        Ended::Returned(()) => {
            let handle = Handle::new(lifecycle.clone());
            // The `Debug` of an error and `Termination::report` are the user's.
            match catch_unwind(AssertUnwindSafe(|| returned(&handle))) {
                Ok(()) => Ended::Returned(()),
                Err(payload) => Ended::Panicked(payload),
            }
        }
        ended => ended,
    };
    match &ended {
        Ended::Returned(()) => supervisor.make_ready(),
        Ended::Panicked(payload) => panicked(lifecycle, &**payload),
        Ended::Dropped => {
            // If it was `exit` of another life that ended it.
            lifecycle.request(Reason::MainReturned);
            supervisor.body_was_dropped();
        }
    }
    ended
}
