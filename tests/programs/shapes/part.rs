//! What the programs close, and when they may be signalled: all that they do is a line of standard output.

use graceful::{Context, Handle, Phase, Result, Shutdown};
use std::thread::{sleep, spawn};
use std::time::Duration;

/// Two parts, in their order.
#[derive(Shutdown)]
pub(crate) struct App {
    #[shutdown(timeout = "1s")]
    http: Part,
    #[shutdown(timeout = "1s")]
    db: Part,
}

impl App {
    pub(crate) fn new() -> Self {
        App {
            http: Part::new("http"),
            db: Part::new("db"),
        }
    }
}

/// Says that it was closed, once it was.
pub(crate) struct Part {
    name: &'static str,
    takes: Duration,
    fails: bool,
}

impl Part {
    pub(crate) fn new(name: &'static str) -> Self {
        Part {
            name,
            takes: Duration::from_millis(0),
            fails: false,
        }
    }

    #[allow(dead_code)] // not every program has closes that differ
    pub(crate) fn that_takes(self, milliseconds: u64) -> Self {
        Part {
            takes: Duration::from_millis(milliseconds),
            ..self
        }
    }
}

impl Part {
    #[allow(dead_code)] // not every program has closes that fail
    pub(crate) fn that_fails(self) -> Self {
        Part {
            fails: true,
            ..self
        }
    }
}

impl Shutdown for Part {
    async fn shutdown(self, _cx: Context) -> Result {
        sleep(self.takes);
        if self.fails {
            return Err("its disk is full".into());
        }
        println!("closed {}", self.name);
        Ok(())
    }
}

/// From here on the test may send its signal.
#[allow(dead_code)] // not every program serves in its own body
pub(crate) fn ready() {
    println!("ready");
}

/// The same once `main` has returned its state: a signal before that is one in the start-up.
#[allow(dead_code)] // not every program returns a state
pub(crate) fn ready_once_running() {
    let handle = Handle::current();
    spawn(move || {
        while handle.phase() < Phase::Running {
            sleep(Duration::from_millis(1));
        }
        ready();
    });
}
