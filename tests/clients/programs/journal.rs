//! Says what was processed, to whoever comes after this process.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::sleep;

/// How many messages are in hand at a time.
pub(crate) const CONCURRENCY: usize = 16;

/// How many messages a source fetches ahead: `AHEAD`.
#[cfg(any(feature = "async-nats", feature = "redis-streams"))]
pub(crate) fn ahead() -> u16 {
    std::env::var("AHEAD").map_or(64, |text| text.parse().expect("a number"))
}

/// The file that `JOURNAL` names, a line for each message. Clones write to the same.
#[derive(Clone)]
pub(crate) struct Journal {
    file: Arc<File>,
    free: Arc<Semaphore>,
    each_takes: Duration,
}

impl Journal {
    /// `EACH_MS` is how long a message takes.
    pub(crate) fn open() -> Self {
        let path = std::env::var_os("JOURNAL").expect("JOURNAL");
        let file = OpenOptions::new().create(true).append(true).open(path);
        let each_ms = std::env::var("EACH_MS").map_or(Ok(1), |text| text.parse());
        Self {
            file: Arc::new(file.expect("it can be written")),
            free: Arc::new(Semaphore::new(CONCURRENCY)),
            each_takes: Duration::from_millis(each_ms.expect("a number")),
        }
    }

    /// Processes one message in a task of its own, once there are few enough: what a loop by hand does.
    pub(crate) async fn spawn(&self, number: Vec<u8>) {
        let permit = self.free.clone().acquire_owned().await;
        let journal = self.clone();
        tokio::spawn(async move {
            let _until_the_end = permit;
            journal.process(&number).await
        });
    }

    /// Processes one message: its number is its text.
    pub(crate) async fn process(&self, number: &[u8]) -> std::io::Result<()> {
        if !self.each_takes.is_zero() {
            sleep(self.each_takes).await;
        }
        // One write, so that lines of several tasks do not mix.
        (&*self.file).write_all(&[number, b"\n"].concat())
    }
}
