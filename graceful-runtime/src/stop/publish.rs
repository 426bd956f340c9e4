//! Hands the finished report on: to its file, and to whoever asked for it. On a thread of its own, since a disk and
//! the user's code may block.

use super::record::write_record;
use super::supervisor::Supervisor;
use crate::lock::{Lock, wait_while};
use crate::outcome::caught;
use crate::report::{LeftBehind, Report};
use crate::thread;
use crate::thread_state::ThreadState;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar};
use std::time::Duration;

/// How far it is, for whoever ends the process.
#[derive(Default)]
pub(super) struct Publishing {
    // A mutex with a condition: changed twice in a lifecycle.
    progress: Lock<Progress>,
    is_done: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    NotBegun,
    Begun,
    Done,
}

impl Publishing {
    /// Whether it is this call that begins it: the main thread and a forced exit may come at the same time.
    fn begin(&self) -> bool {
        let mut progress = self.progress.lock();
        let begins = *progress == Progress::NotBegun;
        if begins {
            *progress = Progress::Begun;
        }
        begins
    }

    fn end(&self) {
        *self.progress.lock() = Progress::Done;
        self.is_done.notify_all();
    }

    /// Waits for the end of what has begun, but not longer than `limit`.
    pub(super) fn wait(&self, limit: Duration) {
        let has_begun = |progress: &Progress| *progress == Progress::Begun;
        wait_while(self.progress.lock(), &self.is_done, limit, has_begun);
    }
}

impl Supervisor {
    fn report_file(&self) -> Option<PathBuf> {
        let file = self.settings.report_file.clone();
        file.filter(|_| !self.is_hosted)
    }

    /// A record more, where the process ends with another code than the one that was said: what runs behind `main` does
    /// not return.
    pub(super) fn correct_record(&self, code: u8) {
        // Without a stop there was no record.
        let (Some(file), Some(_)) = (self.report_file(), self.lifecycle.stop()) else {
            return;
        };
        let what = "an exit handler, or a destructor of the main thread's locals";
        let thread = self.main_thread.and_then(ThreadState::of);
        self.abandon(LeftBehind::blocked("exit_handler", what, thread.as_ref()));
        let report = Report {
            exit_code: code,
            ..self.short_report()
        };
        write_record(&file, &report);
    }

    /// Hands it on, once.
    pub(super) fn publish(&self, report: &Arc<Report>) {
        let file = self.report_file();
        let hooks = self.lifecycle.reporting().take_hooks();
        if (file.is_none() && hooks.is_empty()) || !self.publishing.begin() {
            return;
        }
        let (report, publishing) = (report.clone(), self.publishing.clone());
        let publish = move || {
            if let Some(file) = file {
                write_record(&file, &report);
            }
            for hook in hooks {
                if let Err(panic) = catch_unwind(AssertUnwindSafe(|| hook(&report))) {
                    caught(panic);
                }
            }
            publishing.end();
        };
        // Shared with the thread, so that it is still there where none is to be had.
        let publish = Arc::new(Lock::new(Some(publish)));
        let run = {
            let publish = publish.clone();
            move || {
                let publish = publish.lock().take();
                if let Some(publish) = publish {
                    publish();
                }
            }
        };
        if thread::start("graceful-report", None, Box::new(run)).is_err() {
            // Better here, where it may block, than never.
            let publish = publish.lock().take();
            if let Some(publish) = publish {
                publish();
            }
        }
    }
}
