//! A server that takes the envelopes of Sentry, in the test's own process: it counts the events, or answers nobody.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) struct Envelopes {
    /// Relaxed: a number, which is read when the program that has sent them is gone.
    events: Arc<AtomicUsize>,
    port: u16,
}

impl Envelopes {
    /// Its thread ends with the process: it waits for connections.
    pub(crate) fn start(answers: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let events = Arc::<AtomicUsize>::default();
        let counted = events.clone();
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for connection in listener.incoming().flatten() {
                if answers {
                    let counted = counted.clone();
                    std::thread::spawn(move || serve(&connection, &counted));
                } else {
                    silent.push(connection);
                }
            }
        });
        Self { events, port }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn events(&self) -> usize {
        self.events.load(Ordering::Relaxed)
    }
}

/// One connection, with as many requests as come.
fn serve(mut connection: &TcpStream, events: &AtomicUsize) {
    let mut reader = BufReader::new(connection);
    while let Some(envelope) = request(&mut reader) {
        let is_event = |line: &&str| line.contains(r#""type":"event""#);
        let count = envelope.lines().filter(is_event).count();
        events.fetch_add(count, Ordering::Relaxed);
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        if connection.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The body of the next request.
fn request(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}
