//! What a program has written so far.

use super::pipe::Pipe;
use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

/// One stream of a program.
pub(super) struct Output {
    shared: Arc<Shared>,
    /// How many lines have been waited for.
    seen: usize,
    /// Held open, and never read.
    _unread: Option<Box<dyn Read + Send>>,
}

#[derive(Default)]
struct Shared {
    // A mutex with a condition: each line is pushed by the reading thread, and waited for by the test.
    said: Mutex<Said>,
    more: Condvar,
}

#[derive(Default)]
struct Said {
    text: String,
    /// Where each line begins and ends in the text.
    lines: Vec<(usize, usize)>,
    over: bool,
}

/// No such line came.
pub(super) enum NoLine {
    Over,
    Late,
}

impl Output {
    pub(super) fn of(pipe: impl Read + Send + 'static, reader: Pipe) -> Self {
        let shared = Arc::<Shared>::default();
        let mut unread: Option<Box<dyn Read + Send>> = None;
        match reader {
            Pipe::Read => {
                let shared = shared.clone();
                std::thread::spawn(move || shared.read(pipe));
            }
            Pipe::Unread => unread = Some(Box::new(pipe)),
            Pipe::Closed => drop(pipe),
        }
        if reader != Pipe::Read {
            shared.said().over = true;
        }
        Self {
            shared,
            seen: 0,
            _unread: unread,
        }
    }

    /// The next line that `is_meant`, of those behind the last one that was waited for.
    pub(super) fn wait_for(
        &mut self,
        is_meant: impl Fn(&str) -> bool,
        until: Instant,
    ) -> Result<String, NoLine> {
        let mut said = self.shared.said();
        loop {
            while let Some(&(from, to)) = said.lines.get(self.seen) {
                self.seen += 1;
                let line = &said.text[from..to];
                if is_meant(line) {
                    return Ok(line.to_owned());
                }
            }
            if said.over {
                return Err(NoLine::Over);
            }
            said = self.shared.wait(said, until).ok_or(NoLine::Late)?;
        }
    }

    /// All of it, once nobody writes any more; or what there is then.
    pub(super) fn all(&self, until: Instant) -> String {
        let mut said = self.shared.said();
        while !said.over {
            match self.shared.wait(said, until) {
                Some(more) => said = more,
                None => return self.so_far(),
            }
        }
        said.text.clone()
    }

    pub(super) fn so_far(&self) -> String {
        self.shared.said().text.clone()
    }
}

impl Shared {
    fn said(&self) -> std::sync::MutexGuard<'_, Said> {
        // Each change is whole, so a poisoned text is too.
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For more to be said; none where that takes too long.
    fn wait<'a>(
        &self,
        said: std::sync::MutexGuard<'a, Said>,
        until: Instant,
    ) -> Option<std::sync::MutexGuard<'a, Said>> {
        let left = until.checked_duration_since(Instant::now())?;
        let waited = self.more.wait_timeout(said, left);
        Some(waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    fn read(&self, pipe: impl Read) {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while let Ok(1..) = pipe.read_until(b'\n', &mut line) {
            self.said().push(&String::from_utf8_lossy(&line));
            self.more.notify_all();
            line.clear();
        }
        self.said().over = true;
        self.more.notify_all();
    }
}

impl Said {
    fn push(&mut self, line: &str) {
        let from = self.text.len();
        self.text.push_str(line);
        self.lines.push((from, from + line.trim_end().len()));
    }
}
