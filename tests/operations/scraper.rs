//! Somebody who asks for the metrics every second.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(1);

/// The values of one page, by the name with its labels.
pub(crate) type Page = BTreeMap<String, String>;

/// One page; nothing where nobody answers.
pub(crate) fn scrape(address: SocketAddr) -> Option<Page> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let lines = body.lines().filter(|line| !line.starts_with('#'));
    let values = lines.filter_map(|line| line.rsplit_once(' '));
    Some(
        values
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    )
}

/// Scrapes every second, from some time after now on, until nobody answers any more: the last page.
pub(crate) fn every_second(address: SocketAddr, from: Duration) -> JoinHandle<Page> {
    thread::spawn(move || {
        let began = Instant::now();
        let mut last = Page::new();
        for round in 0..60 {
            let next = began + from + EVERY * round;
            sleep(next.saturating_duration_since(Instant::now()));
            match scrape(address) {
                Some(page) => last = page,
                None => return last,
            }
        }
        panic!("it answers for ever")
    })
}
