//! Hands the finished report on: to its file, and to whoever asked for it. On a thread of its own, since a disk and
//! the user's code may block.

mod record;

pub(crate) use record::write_record;

use crate::lifecycle::{ReportHook, Reporting};
use crate::lock::Lock;
use crate::logging::LogThread;
use crate::outcome::caught;
use crate::report::Report;
use crate::thread::{self, Run};
use crate::thread_state::{current_thread, wait_while_it_works, works};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, OnceLock};
use std::time::Duration;

/// Where it has gone. The main thread and a forced exit may come to publish it at the same time: one does.
#[derive(Default)]
pub(crate) struct Publishing {
    /// Set when it has been written to standard error: whoever comes second waits for that, since he may end the process.
    pub(crate) on_stderr: Arc<OnceLock<()>>,
    // A mutex with a condition: changed three times in a lifecycle.
    progress: Lock<Progress>,
    is_done: Condvar,
}

#[derive(Default)]
enum Progress {
    #[default]
    NotBegun,
    /// For a thread, which has this number where it is known.
    Handed {
        work: Work,
        by: Option<u32>,
    },
    /// No thread was to be had: for who may block.
    Left(Work),
    /// By the thread of this number.
    Begun(Option<u32>),
    Done,
}

struct Work {
    report: Arc<Report>,
    file: Option<PathBuf>,
    hooks: Vec<ReportHook>,
}

impl Publishing {
    /// Hands it on, once.
    pub(crate) fn hand_on(
        self: &Arc<Self>,
        report: &Arc<Report>,
        file: Option<PathBuf>,
        reporting: &Reporting,
        log: &LogThread,
    ) {
        {
            let mut progress = self.progress.lock();
            if !matches!(*progress, Progress::NotBegun) {
                return;
            }
            // Under the lock: of two that come to it, who has the hooks is who hands them on, and the other waits for that.
            let hooks = reporting.take_hooks();
            if file.is_none() && hooks.is_empty() {
                return;
            }
            let report = report.clone();
            let work = Work {
                report,
                file,
                hooks,
            };
            *progress = Progress::Handed { work, by: None };
        }
        if thread::start("graceful-report", None, self.run()).is_err() {
            self.publish_without_a_thread(log);
        }
    }

    fn run(self: &Arc<Self>) -> Run {
        let publishing = self.clone();
        Box::new(move || publishing.publish())
    }

    /// The record better here, where a disk may block, than never. Not so hooks, which are the user's: this may be the thread that ends
    /// the process.
    fn publish_without_a_thread(self: &Arc<Self>, log: &LogThread) {
        let record = match &mut *self.progress.lock() {
            Progress::Handed { work, by } => {
                *by = log.thread();
                work.file.take().map(|file| (file, work.report.clone()))
            }
            _ => None,
        };
        if let Some((file, report)) = record {
            write_record(&file, &report);
        }
        if log.lend(self.run()).is_err() {
            let mut progress = self.progress.lock();
            *progress = match std::mem::take(&mut *progress) {
                Progress::Handed { work, .. } => Progress::Left(work),
                other => other,
            };
        }
    }

    /// Does here what no thread was to be had for.
    pub(crate) fn publish_what_is_left(&self) {
        if matches!(*self.progress.lock(), Progress::Left(_)) {
            self.publish();
        }
    }

    fn publish(&self) {
        let work = {
            let mut progress = self.progress.lock();
            match std::mem::replace(&mut *progress, Progress::Begun(current_thread())) {
                Progress::Handed { work, .. } | Progress::Left(work) => work,
                // By another thread.
                other => return *progress = other,
            }
        };
        work.carry_out();
        *self.progress.lock() = Progress::Done;
        self.is_done.notify_all();
    }

    /// Whether it has begun, and nothing holds it up: its thread runs, or waits for a processor. Only Linux tells.
    pub(crate) fn works(&self) -> bool {
        let thread = match *self.progress.lock() {
            // One without a number has not had its first turn.
            Progress::Handed { by, .. } => by,
            Progress::Begun(thread) => thread,
            Progress::NotBegun | Progress::Left(_) | Progress::Done => return false,
        };
        works(thread)
    }

    /// Waits for the end of what has begun, but not longer than `limit` while it sleeps, or `at_most` in all, where it [works](Publishing::works).
    pub(crate) fn wait(&self, limit: Duration, at_most: Duration) {
        let (progress, is_done) = (&self.progress, &self.is_done);
        wait_while_it_works(progress, is_done, limit, at_most, Progress::is_left, || {
            self.works()
        });
    }
}

impl Progress {
    fn is_left(&self) -> bool {
        matches!(self, Self::Handed { .. } | Self::Begun(_))
    }
}

impl Work {
    fn carry_out(self) {
        let Self {
            report,
            file,
            hooks,
        } = self;
        if let Some(file) = file {
            write_record(&file, &report);
        }
        for hook in hooks {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| hook(&report))) {
                caught(panic);
            }
        }
    }
}
