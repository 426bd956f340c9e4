//! Says what was processed, to whoever comes after this process.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// The file that `JOURNAL` names, a line for each message. Clones write to the same.
#[derive(Clone)]
pub(crate) struct Journal {
    file: Arc<File>,
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
            each_takes: Duration::from_millis(each_ms.expect("a number")),
        }
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
