//! The network between a service and its server, which can be cut.

use rustix::net::{Shutdown, listen, shutdown};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a connection to this machine may take; one that takes longer will never be there.
const NEVER: Duration = Duration::from_millis(200);

/// What is to be sent has been by then, also where the machine is busy.
const SENT_WITHIN: Duration = Duration::from_secs(20);

/// A way to a server: it carries what comes, until it is cut.
pub(crate) struct Network {
    way: Arc<Way>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

struct Way {
    listener: TcpListener,
    /// The server's port.
    to: OnceLock<u16>,
    // Relaxed: what is on its way at the cut may arrive or not.
    is_cut: AtomicBool,
    // A lock: set once, and looked at for each piece that is carried.
    trap: Mutex<Option<Trap>>,
    // A lock: each connection is added once. They are held, so that nobody sees them end.
    connections: Mutex<Vec<TcpStream>>,
}

/// Words at which it is cut.
struct Trap {
    words: &'static [u8],
    sprung: Sender<()>,
}

/// Which end of a connection something comes from.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Client,
    Server,
}

impl Network {
    /// Leads nowhere until [`lead_to`](Network::lead_to).
    pub(crate) fn new() -> Self {
        let way = Arc::new(Way {
            listener: TcpListener::bind(("127.0.0.1", 0)).expect("a free port"),
            to: OnceLock::new(),
            is_cut: AtomicBool::new(false),
            trap: Mutex::default(),
            connections: Mutex::default(),
        });
        let accepts = way.clone();
        Self {
            way,
            accepting: Mutex::new(Some(thread::spawn(move || accept(&accepts)))),
        }
    }

    /// To what listens on this port.
    pub(crate) fn to(port: u16) -> Self {
        let network = Self::new();
        network.lead_to(port);
        network
    }

    /// From here on it leads there.
    pub(crate) fn lead_to(&self, port: u16) {
        self.way.to.set(port).expect("it leads to one server");
    }

    /// Where a client is to connect to.
    pub(crate) fn port(&self) -> u16 {
        self.address().port()
    }

    /// As where a cable is cut: nothing is carried or closed any more, and who connects never hears of it.
    pub(crate) fn go_silent(&self) {
        self.cut();
        // It accepts one more, and ends.
        let mut unheard = vec![self.connect().expect("it listens")];
        self.stop_accepting();
        // With so short a queue of those that nobody accepts, the kernel throws away what comes behind them.
        listen(&self.way.listener, 0).expect("it listens");
        while let Ok(connection) = self.connect() {
            unheard.push(connection);
        }
        self.hold(unheard);
    }

    /// As where a firewall rejects what is new: nothing is carried or closed any more, and who connects is refused.
    pub(crate) fn refuse(&self) {
        self.cut();
        shutdown(&self.way.listener, Shutdown::Both).expect("it listens");
        self.stop_accepting();
    }

    /// Cuts it in this way in the middle of what `begin` begins: once the client has sent these words. They arrive; no answer
    /// does.
    pub(crate) fn cut_behind(&self, words: &'static [u8], cut: fn(&Self), begin: impl FnOnce()) {
        let (sprung, springs) = channel();
        let trap = Trap { words, sprung };
        *self.way.trap.lock().expect("nobody panics with it") = Some(trap);
        begin();
        let sprung = springs.recv_timeout(SENT_WITHIN);
        assert!(sprung.is_ok(), "never sent: {}", words.escape_ascii());
        cut(self);
    }

    fn address(&self) -> SocketAddr {
        self.way.listener.local_addr().expect("it is bound")
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect_timeout(&self.address(), NEVER)
    }

    fn cut(&self) {
        self.way.is_cut.store(true, Ordering::Relaxed);
    }

    fn stop_accepting(&self) {
        let accepting = self.accepting.lock().expect("nobody panics with it").take();
        accepting
            .expect("it is cut once")
            .join()
            .expect("it ends by itself");
    }

    fn hold(&self, connections: Vec<TcpStream>) {
        let mut held = self.way.connections.lock().expect("nobody panics with it");
        held.extend(connections);
    }
}

impl Drop for Network {
    /// What carries ends with its connections.
    fn drop(&mut self) {
        self.cut();
        // Where it has refused, nobody listens any more.
        let _ = shutdown(&self.way.listener, Shutdown::Both);
        let held = self.way.connections.lock().expect("nobody panics with it");
        for connection in &*held {
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
    }
}

/// In both of these ways, each in a thread of its own.
pub(crate) fn in_each_way_to_be_cut(test: impl Fn(fn(&Network)) + Sync) {
    let name = thread::current().name().map(str::to_owned);
    thread::scope(|scope| {
        for cut in [Network::go_silent as fn(&Network), Network::refuse] {
            let test = &test;
            // What is left out is told under the name of its test.
            let thread = thread::Builder::new().name(name.clone().unwrap_or_default());
            let started = thread.spawn_scoped(scope, move || test(cut));
            started.expect("a thread");
        }
    });
}

fn accept(way: &Arc<Way>) {
    while let Ok((client, _)) = way.listener.accept() {
        let mut connections = way.connections.lock().expect("nobody panics with it");
        if way.is_cut.load(Ordering::Relaxed) {
            connections.push(client);
            return;
        }
        let to = *way.to.get().expect("it leads to a server");
        // Where that is gone, so is the client's connection.
        let Ok(server) = TcpStream::connect(("127.0.0.1", to)) else {
            continue;
        };
        for (end, from, to) in [
            (End::Client, &client, &server),
            (End::Server, &server, &client),
        ] {
            from.set_nodelay(true).expect("it is connected");
            let (from, to) = (another(from), another(to));
            let way = way.clone();
            thread::spawn(move || carry(&way, end, from, to));
        }
        connections.extend([client, server]);
    }
}

fn another(connection: &TcpStream) -> TcpStream {
    connection.try_clone().expect("a second handle")
}

impl Way {
    /// Whether these are the last bytes that are carried to the server; `before` is the end of what was carried before.
    fn springs(&self, before: &mut Vec<u8>, bytes: &[u8]) -> Option<Sender<()>> {
        let mut trap = self.trap.lock().expect("nobody panics with it");
        let words = trap.as_ref()?.words;
        before.extend(bytes);
        if before.windows(words.len()).any(|window| window == words) {
            self.is_cut.store(true, Ordering::Relaxed);
            return trap.take().map(|trap| trap.sprung);
        }
        // They may come in two pieces.
        before.drain(..before.len().saturating_sub(words.len()));
        None
    }
}

/// One direction, to its end.
fn carry(way: &Way, end: End, mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    let mut before = Vec::new();
    loop {
        let read = from.read(&mut buffer);
        if way.is_cut.load(Ordering::Relaxed) {
            return;
        }
        if let (End::Client, Ok(length)) = (end, &read) {
            let bytes = &buffer[..*length];
            if let Some(sprung) = way.springs(&mut before, bytes) {
                // A server that is gone is as good as one that does not answer.
                let _ = to.write_all(bytes);
                sprung.send(()).expect("the test waits for it");
                return;
            }
        }
        let end = match read {
            Ok(0) => std::net::Shutdown::Write,
            Ok(length) if to.write_all(&buffer[..length]).is_ok() => continue,
            Ok(_) | Err(_) => std::net::Shutdown::Both,
        };
        // It may have ended by itself.
        let _ = to.shutdown(end);
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    /// What listens at the other end sends back what it gets.
    fn echo() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("somebody comes");
            let mut sender = another(&connection);
            std::io::copy(&mut connection, &mut sender)
        });
        port
    }

    fn is_echoed(mut connection: &TcpStream) -> std::io::Result<()> {
        connection.write_all(b"a line")?;
        connection.set_read_timeout(Some(NEVER))?;
        connection.read_exact(&mut [0; 6])
    }

    #[test]
    fn what_is_cut_carries_nothing_and_closes_nothing() {
        in_each_way_to_be_cut(|cut| {
            let network = Network::to(echo());
            let connection = network.connect().expect("it listens");
            is_echoed(&connection).expect("it is carried");
            cut(&network);
            let error = is_echoed(&connection).expect_err("it is cut");
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
        });
    }

    #[test]
    fn what_is_cut_behind_words_has_carried_them_and_no_answer() {
        in_each_way_to_be_cut(|cut| {
            let network = Network::to(echo());
            let mut connection = network.connect().expect("it listens");
            is_echoed(&connection).expect("it is carried");
            connection.set_read_timeout(Some(NEVER)).expect("a limit");
            network.cut_behind(b"the end", cut, || {
                for piece in [&b"this is the"[..], b" end"] {
                    connection.write_all(piece).expect("it is there");
                    thread::sleep(NEVER);
                }
            });
            let mut came = Vec::new();
            let error = connection.read_to_end(&mut came).expect_err("it is cut");
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            assert_eq!(came, b"this is the");
        });
    }

    #[test]
    fn who_comes_after_the_cut_hears_nothing_or_is_refused() {
        for (cut, heard) in [
            (Network::go_silent as fn(&Network), ErrorKind::TimedOut),
            (Network::refuse, ErrorKind::ConnectionRefused),
        ] {
            let network = Network::to(echo());
            cut(&network);
            let error = network.connect().expect_err("nobody listens");
            assert_eq!(error.kind(), heard);
        }
    }
}
