//! Hands the finished report on: to its file, and to whoever asked for it. On a thread of its own, since a disk and
//! the user's code may block.

mod record;

pub(crate) use record::write_record;

use crate::lifecycle::ReportHook;
use crate::lock::{Lock, wait_while};
use crate::outcome::caught;
use crate::report::Report;
use crate::thread;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar};
use std::time::Duration;

/// Where it has gone. The main thread and a forced exit may come to publish it at the same time: one does.
#[derive(Default)]
pub(crate) struct Publishing {
    // Relaxed, both: they publish nothing.
    /// The log has it.
    pub(crate) is_logged: AtomicBool,
    pub(crate) is_on_stderr: Arc<AtomicBool>,
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
    /// Hands it on, once.
    pub(crate) fn hand_on(
        self: &Arc<Self>,
        report: &Arc<Report>,
        file: Option<PathBuf>,
        hooks: Vec<ReportHook>,
    ) {
        if (file.is_none() && hooks.is_empty()) || !self.begin() {
            return;
        }
        let (report, publishing) = (report.clone(), self.clone());
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

    /// Whether it is this call that begins it.
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
    pub(crate) fn wait(&self, limit: Duration) {
        let has_begun = |progress: &Progress| *progress == Progress::Begun;
        wait_while(self.progress.lock(), &self.is_done, limit, has_begun);
    }
}
