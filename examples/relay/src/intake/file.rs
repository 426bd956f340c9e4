//! A file with a payment in each line, for those who have no broker. How far it is read stands in another file, as a broker
//! keeps it for a group. It shows how a source of one's own is written.

use anyhow::Context as _;
use graceful::Result;
use graceful_clients::consumer::Source;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::sync::Mutex;
use tokio::time::sleep;

/// Between two looks at a file that has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// How many payments are done between two commits.
const COMMIT_EVERY: u64 = 100;

pub(crate) struct Message {
    offset: u64,
    text: String,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "as with a broker, whose messages may be anything"
)]
pub(crate) fn text(message: &Message) -> Option<&str> {
    Some(&message.text)
}

pub(crate) struct FileSource {
    topic: String,
    committed: PathBuf,
    // A lock: lines are taken by one task at a time.
    unread: Mutex<Unread>,
    // A lock for a moment: nobody waits while holding it.
    progress: Lock<Progress>,
}

struct Unread {
    lines: Lines<BufReader<File>>,
    offset: u64,
}

/// All payments below an offset are done, and some beyond it: several are in hand at a time.
struct Progress {
    below: u64,
    beyond: BTreeSet<u64>,
}

/// Reads from where the last process had come to.
pub(crate) async fn subscribe(topic: &str) -> anyhow::Result<FileSource> {
    let committed = PathBuf::from(format!("{topic}.committed"));
    let below = match tokio::fs::read_to_string(&committed).await {
        Ok(text) => text
            .trim()
            .parse()
            .with_context(|| committed.display().to_string())?,
        Err(_) => 0,
    };
    let file = File::options()
        .read(true)
        .append(true)
        .create(true)
        .open(topic)
        .await;
    let mut lines = BufReader::new(file.with_context(|| topic.to_owned())?).lines();
    for _ in 0..below {
        lines.next_line().await?;
    }
    Ok(FileSource {
        topic: topic.to_owned(),
        committed,
        unread: Mutex::new(Unread {
            lines,
            offset: below,
        }),
        progress: Lock::new(Progress {
            below,
            beyond: BTreeSet::new(),
        }),
    })
}

impl FileSource {
    /// As a whole: a process that is killed in the middle leaves the file that was there.
    async fn commit(&self, below: u64) -> std::io::Result<()> {
        let new = self.committed.with_extension("new");
        tokio::fs::write(&new, below.to_string()).await?;
        tokio::fs::rename(&new, &self.committed).await
    }

    /// How far all is done, now that this one is.
    fn done(&self, offset: u64) -> u64 {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.beyond.insert(offset);
        while progress.beyond.first() == Some(&progress.below) {
            progress.beyond.pop_first();
            progress.below += 1;
        }
        progress.below
    }
}

impl Source for FileSource {
    type Message = Message;

    fn name(&self) -> String {
        format!("file `{}`", self.topic)
    }

    /// `next_line` is cancel safe, and nothing is awaited after it.
    async fn take(&self) -> Result<Option<Message>> {
        let mut unread = self.unread.lock().await;
        loop {
            if let Some(text) = unread.lines.next_line().await? {
                let offset = unread.offset;
                unread.offset += 1;
                return Ok(Some(Message { offset, text }));
            }
            sleep(PAUSE).await;
        }
    }

    async fn acknowledge(&self, message: &Message) -> Result {
        let below = self.done(message.offset);
        if below.is_multiple_of(COMMIT_EVERY) {
            self.commit(below).await?;
        }
        Ok(())
    }

    /// It is not done, so the next process reads it again.
    async fn hand_back(&self, _message: Arc<Message>) -> Result {
        Ok(())
    }

    async fn stop(&self) -> Result<usize> {
        Ok(0)
    }

    async fn close(&self) -> Result {
        let below = self
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .below;
        Ok(self.commit(below).await?)
    }
}
