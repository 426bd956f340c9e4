//! One program, with its client, from its start to its end.

use crate::end::End;
use crate::patterns::Pattern;
use graceful::Signal;
use graceful::testing::{Process, Program};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// What `graceful` gives each of them.
pub(crate) const DEADLINE: Duration = Duration::from_secs(6);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Tokio,
    Graceful,
}

pub(crate) fn start(pattern: &Pattern, attribute: Attribute, flavor: &str) -> Process {
    let attribute = match attribute {
        Attribute::Tokio => "tokio",
        Attribute::Graceful => "graceful",
    };
    Program::new(env!("CARGO_BIN_EXE_graceful-dropin"))
        .args([attribute, flavor, pattern.name])
        .env("GRACEFUL_TIMEOUT", format!("{}s", DEADLINE.as_secs()))
        // Each panic would take tens of milliseconds for its frames.
        .env_remove("RUST_BACKTRACE")
        .start()
}

/// A program that has just begun may be thought awake: most signals come to one that has run for long.
const AT_REST: Duration = Duration::from_millis(1200);

/// Sends the signal once its work is in flight.
pub(crate) fn run(pattern: &Pattern, attribute: Attribute, flavor: &str, signal: Signal) -> End {
    let mut process = start(pattern, attribute, flavor);
    if !pattern.serves {
        process.wait_for_line("ready");
        let ended = process.after(AT_REST).signal(signal).end();
        return End::new(&ended, false);
    }
    let listening = process.wait_for_line("listening on ");
    process.wait_for_line("ready");
    process.after(AT_REST);
    let address = listening.rsplit(' ').next().expect("an address");
    let request = ask(address);
    process.wait_for_line("begun request");
    // actix-web accepts a moment before it listens.
    process.after(Duration::from_millis(50)).signal(signal);
    let answered = request.answered();
    End::new(&process.end(), answered)
}

struct Request(TcpStream);

fn ask(address: &str) -> Request {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .set_read_timeout(Some(2 * DEADLINE))
        .expect("no zero");
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .expect("it reads");
    Request(stream)
}

impl Request {
    /// A connection that is cut ends early, or with an error.
    fn answered(mut self) -> bool {
        let mut answer = Vec::new();
        drop(self.0.read_to_end(&mut answer));
        answer.ends_with(b"whole")
    }
}
