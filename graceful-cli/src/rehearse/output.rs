//! What a program writes: read as it comes, and at will not read any more.

use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What a pipe holds at least: a program that writes little would never notice that nobody reads.
const PAGE: usize = 4096;

/// How long what was written may take to be read, once the program has ended. A child that lives on keeps a pipe open.
const TO_READ: Duration = Duration::from_millis(500);

/// Of a program that writes more, only the first part is looked into.
const KEPT: usize = 64 << 20;

/// One of a program's outputs.
pub(super) struct Output {
    wanted: watch::Sender<Wanted>,
    reader: JoinHandle<Vec<u8>>,
    /// To find the pipe again under `/proc`; the reader has it.
    descriptor: i32,
}

/// What the reader is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Read,
    Nothing,
    End,
}

impl Output {
    /// What reads, and what the program is given.
    pub(super) fn new() -> io::Result<(Self, Stdio)> {
        let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
        fcntl_setpipe_size(&read, PAGE)?;
        let descriptor = read.as_raw_fd();
        let (wanted, wants) = watch::channel(Wanted::Read);
        let reader = tokio::spawn(read_as_wanted(Receiver::from_owned_fd(read)?, wants));
        let output = Self {
            wanted,
            reader,
            descriptor,
        };
        Ok((output, Stdio::from(write)))
    }

    /// From now on nobody reads, and the pipe takes nothing more.
    pub(super) fn stall(&self) -> io::Result<()> {
        self.wanted.send_replace(Wanted::Nothing);
        // A file description of our own: on the program's one a flag would be set for the program too.
        let path = format!("/proc/self/fd/{}", self.descriptor);
        let pipe = open(
            path,
            OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        for size in [PAGE, 1] {
            fill(&pipe, size)?;
        }
        Ok(())
    }

    /// What was written to the end, whoever still has the pipe.
    pub(super) async fn read_to_end(self) -> Vec<u8> {
        self.wanted.send_replace(Wanted::Read);
        let mut reader = self.reader;
        if let Ok(text) = timeout(TO_READ, &mut reader).await {
            return text.unwrap_or_default();
        }
        self.wanted.send_replace(Wanted::End);
        reader.await.unwrap_or_default()
    }
}

async fn read_as_wanted(mut pipe: Receiver, mut wants: watch::Receiver<Wanted>) -> Vec<u8> {
    let mut text = Vec::new();
    loop {
        let wanted = *wants.borrow_and_update();
        let mut page = [0; PAGE];
        let changed = tokio::select! {
            changed = wants.changed(), if wanted != Wanted::End => changed,
            read = pipe.read(&mut page), if wanted == Wanted::Read => match read {
                Ok(0) | Err(_) => return text,
                Ok(count) => {
                    let room = KEPT.saturating_sub(text.len());
                    text.extend_from_slice(&page[..count.min(room)]);
                    Ok(())
                }
            },
            else => return text,
        };
        // Whoever wanted anything is gone.
        if changed.is_err() {
            return text;
        }
    }
}

fn fill(pipe: &OwnedFd, size: usize) -> io::Result<()> {
    loop {
        match rustix::io::write(pipe, &[b'\n'; PAGE][..size]) {
            Ok(_) => {}
            Err(Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::time::Instant;

    fn say(words: &str, output: Stdio) -> std::process::Child {
        Command::new("echo")
            .arg(words)
            .stdout(output)
            .spawn()
            .unwrap()
    }

    #[tokio::test]
    async fn what_is_written_is_read_to_its_end() {
        let (output, stdio) = Output::new().unwrap();
        say("the last word", stdio).wait().unwrap();
        assert_eq!(output.read_to_end().await, b"the last word\n");
    }

    #[tokio::test]
    async fn what_is_stalled_takes_nothing_and_holds_up_who_writes() {
        let (output, stdio) = Output::new().unwrap();
        output.stall().unwrap();
        let mut writer = say("late", stdio);
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(writer.try_wait().unwrap().is_none());

        let text = output.read_to_end().await;
        assert!(text.ends_with(b"late\n"), "{}", text.len());
        assert!(writer.wait().unwrap().success());
    }

    #[tokio::test]
    async fn a_pipe_that_somebody_keeps_is_not_waited_for() {
        let (output, stdio) = Output::new().unwrap();
        let mut sleeper = Command::new("sleep")
            .arg("60")
            .stdout(stdio)
            .spawn()
            .unwrap();
        let began = Instant::now();
        assert_eq!(output.read_to_end().await, b"");
        assert!(began.elapsed() < Duration::from_secs(20));
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
    }
}
