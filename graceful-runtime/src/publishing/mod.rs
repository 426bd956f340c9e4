//! Hands the finished report on: to its file, and to whoever asked for it. On a thread of its own, since a disk and
//! the user's code may block.

mod record;

pub(crate) use record::write_record;

use crate::lifecycle::ReportHook;
use crate::lock::Lock;
use crate::outcome::caught;
use crate::report::Report;
use crate::thread;
use crate::thread_state::{current_thread, wait_while_it_works, works};
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
    // A mutex with a condition: changed three times in a lifecycle.
    progress: Lock<Progress>,
    is_done: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    NotBegun,
    /// By the thread of this number, once it has had its first turn.
    Begun(Option<u32>),
    Done,
}

impl Progress {
    fn has_begun(self) -> bool {
        matches!(self, Self::Begun(_))
    }
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
            *publishing.progress.lock() = Progress::Begun(current_thread());
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
            *progress = Progress::Begun(None);
        }
        begins
    }

    fn end(&self) {
        *self.progress.lock() = Progress::Done;
        self.is_done.notify_all();
    }

    /// Whether it has begun, and nothing holds it up: its thread runs, or waits for a processor. Only Linux tells.
    pub(crate) fn works(&self) -> bool {
        let progress = *self.progress.lock();
        matches!(progress, Progress::Begun(thread) if works(thread))
    }

    /// Waits for the end of what has begun, but not longer than `limit`, or while it [works](Publishing::works) a second.
    pub(crate) fn wait(&self, limit: Duration) {
        let (progress, is_done) = (&self.progress, &self.is_done);
        wait_while_it_works(
            progress,
            is_done,
            limit,
            |it| it.has_begun(),
            || self.works(),
        );
    }
}
