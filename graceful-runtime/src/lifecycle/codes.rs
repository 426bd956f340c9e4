//! What the process is to end with: the codes of `exit` and of `main`, whenever they come.

use crate::lock::Lock;
use crate::reason::Reason;
use crate::report::{Cause, CauseKind};

/// What the standard library ends a process with whose main thread has panicked.
const PANICKED: u8 = 101;

/// What `main` ends with that returned an error.
const FAILED: u8 = 1;

#[derive(Default)]
pub(crate) struct Codes {
    // A mutex: written once or twice in a lifecycle.
    state: Lock<State>,
}

#[derive(Default)]
struct State {
    /// The first one that [`exit`](crate::exit) was called with and that is not 0, else 0.
    exit: Option<u8>,
    main: u8,
    /// How `main` went wrong, also where the stop had begun before.
    fault: Option<(CauseKind, String)>,
    /// The `Debug` text of `main`'s error, until it is printed.
    error: Option<String>,
    /// Why limits from outside did not fit a state.
    misfit: Option<String>,
}

impl Codes {
    /// Also where the stop has begun for another reason: the code is a wish of its own.
    pub(super) fn note_exit(&self, reason: &Reason) {
        if let Reason::Exit(code) = reason {
            let mut state = self.state.lock();
            if state.exit.is_none_or(|first| first == 0) {
                state.exit = Some(*code);
            }
        }
    }

    /// Whether the process is to end, and not only this lifecycle.
    pub(crate) fn exit_was_called(&self) -> bool {
        self.state.lock().exit.is_some()
    }

    /// Whether `main` panicked.
    pub(crate) fn main_has_panicked(&self) -> bool {
        self.state.lock().main == PANICKED
    }

    /// `main` returned this code of its own.
    pub(super) fn main_returned(&self, code: u8) {
        self.state.lock().main = code;
    }

    pub(super) fn main_failed(&self, error: String) {
        let mut state = self.state.lock();
        state.main = FAILED;
        state.fault = Some((CauseKind::Failed, error.clone()));
        state.error = Some(error);
    }

    pub(super) fn main_panicked(&self, message: String) {
        let mut state = self.state.lock();
        state.main = PANICKED;
        state.fault = Some((CauseKind::Panicked, message));
    }

    /// Limits from outside do not fit a state that was handed over.
    pub(super) fn limits_do_not_fit(&self, why: String) {
        self.state.lock().misfit.get_or_insert(why);
    }

    /// The code that is asked for, whatever the closes do; 0 where it is up to them. A panic goes
    /// on after the closes, so its code can't be another.
    pub(crate) fn code(&self) -> u8 {
        let state = self.state.lock();
        match (state.main, state.exit) {
            (PANICKED, _) | (_, None | Some(0)) => state.main,
            (_, Some(exit)) => exit,
        }
    }

    /// What went wrong beside the closes, or asks for an exit code of its own.
    pub(crate) fn faults(&self) -> Vec<Cause> {
        let state = self.state.lock();
        let mut faults = Vec::new();
        match (&state.misfit, state.exit) {
            (Some(why), _) => faults.push(Cause::new("environment", CauseKind::Failed, why)),
            (None, Some(code @ 1..)) => {
                let call = format!("exit({code})");
                faults.push(Cause::new("process", CauseKind::Exited, &call));
            }
            (None, Some(0) | None) => {}
        }
        match (&state.fault, state.main) {
            (Some((kind, why)), _) => faults.push(Cause::new("main", *kind, why)),
            (None, 0) => {}
            (None, code) => {
                let returned = format!("exit code {code}");
                faults.push(Cause::new("main", CauseKind::Exited, &returned));
            }
        }
        faults
    }

    /// What is left to print of `main`'s error: for whoever prints it, once.
    pub(crate) fn take_error(&self) -> Option<String> {
        self.state.lock().error.take()
    }
}
