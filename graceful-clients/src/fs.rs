//! Files, of std and of tokio: what was written is on the disk.
//!
//! Dropping a buffered file of std writes what it holds, and forgets the error where that fails. Dropping one of tokio
//! loses it, and so may dropping a [`tokio::fs::File`], whose last write goes on in a thread. None of them waits for
//! the disk.

use graceful_runtime::{Context, Result};
use std::io::{self, Write as _};
use tokio::io::AsyncWriteExt as _;

/// Writes what is buffered, and waits until the disk has it (`fsync`): it outlives a loss of power.
///
/// A file that was new needs its folder on the disk as well: sync that too, once, where it was made.
///
/// ```no_run
/// use std::fs::File;
/// use std::io::BufWriter;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::fs::close)]
///     journal: BufWriter<File>,
/// }
/// # fn main() {}
/// ```
///
/// # Errors
///
/// What the disk says.
///
/// # Cancel safety
///
/// What was not written by then is lost; a file of std is written by a thread that goes on.
pub async fn close<F: File>(file: F, cx: Context) -> Result {
    cx.progress("writing what is left");
    Ok(file.write_and_sync().await?)
}

/// A file of std or tokio, with or without a buffer. For these types alone: others can't implement it.
pub trait File: Close {}

impl<F: Close> File for F {}

/// Not for others to implement.
#[doc(hidden)]
pub trait Close: Send {
    /// Writes what is left, and waits for the disk.
    fn write_and_sync(self) -> impl Future<Output = io::Result<()>> + Send;
}

impl Close for std::fs::File {
    async fn write_and_sync(self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Close for io::BufWriter<std::fs::File> {
    async fn write_and_sync(mut self) -> io::Result<()> {
        self.flush()?;
        self.get_ref().sync_all()
    }
}

impl Close for tokio::fs::File {
    async fn write_and_sync(mut self) -> io::Result<()> {
        self.flush().await?;
        self.sync_all().await
    }
}

impl Close for tokio::io::BufWriter<tokio::fs::File> {
    async fn write_and_sync(mut self) -> io::Result<()> {
        self.flush().await?;
        self.get_ref().sync_all().await
    }
}

#[cfg(test)]
mod tests {
    use super::close;
    use graceful::testing::{AssertReport as _, run};
    use std::io::{BufWriter, Write as _};
    use tokio::io::AsyncWriteExt as _;

    #[derive(graceful::Shutdown)]
    struct Files {
        #[shutdown(timeout = "1s", with = close)]
        plain: std::fs::File,
        #[shutdown(timeout = "1s", with = close)]
        buffered: BufWriter<std::fs::File>,
        #[shutdown(timeout = "1s", with = close)]
        tokios: tokio::fs::File,
        #[shutdown(timeout = "1s", with = close)]
        tokios_buffered: tokio::io::BufWriter<tokio::fs::File>,
    }

    #[test]
    fn what_was_written_is_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let [plain, buffered, tokios, tokios_buffered] =
            ["plain", "buffered", "tokios", "tokios_buffered"].map(path);
        let files = [
            plain.clone(),
            buffered.clone(),
            tokios.clone(),
            tokios_buffered.clone(),
        ];
        let report = run(async move || {
            let mut files = Files {
                plain: std::fs::File::create(plain).unwrap(),
                buffered: BufWriter::new(std::fs::File::create(buffered).unwrap()),
                tokios: tokio::fs::File::create(tokios).await.unwrap(),
                tokios_buffered: tokio::io::BufWriter::new(
                    tokio::fs::File::create(tokios_buffered).await.unwrap(),
                ),
            };
            files.plain.write_all(b"the last line").unwrap();
            files.buffered.write_all(b"the last line").unwrap();
            files.tokios.write_all(b"the last line").await.unwrap();
            let buffer = &mut files.tokios_buffered;
            buffer.write_all(b"the last line").await.unwrap();
            files
        })
        .real_time()
        .report();
        report.assert_clean();
        for file in files {
            let written = std::fs::read_to_string(&file).unwrap();
            assert_eq!(written, "the last line", "{}", file.display());
        }
    }

    /// A disk that is full, which every write finds.
    #[test]
    fn what_can_not_be_written_is_a_failure() {
        #[derive(graceful::Shutdown)]
        struct Full {
            #[shutdown(timeout = "1s", with = close)]
            journal: BufWriter<std::fs::File>,
            #[shutdown(timeout = "1s", with = close)]
            tokios: tokio::io::BufWriter<tokio::fs::File>,
        }
        let open = || std::fs::File::options().write(true).open("/dev/full");
        if open().is_err() {
            return; // no such device outside of Linux
        }
        run(async move || {
            let mut full = Full {
                journal: BufWriter::new(open().unwrap()),
                tokios: tokio::io::BufWriter::new(open().unwrap().into()),
            };
            full.journal.write_all(b"the last line").unwrap();
            full.tokios.write_all(b"the last line").await.unwrap();
            full
        })
        .real_time()
        .report()
        .assert_failed("journal", "No space left")
        .assert_failed("tokios", "No space left");
    }
}
