//! One open connection: what is in flight on it, and who is to be woken when the stage changes.

use super::in_flight::Requests;
use super::registry::Registry;
use super::request::{Kind, Request};
use super::shared::Shared;
use super::stage::Stage;
#[cfg(feature = "http-tls")]
use super::tls_info::TlsInfo;
use super::unread::Unread;
use std::net::SocketAddr;
#[cfg(feature = "http-tls")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use tokio::time::Instant;

/// How often within its timeout the head of a request is looked for.
pub(super) const LOOKS: u8 = 4;

// In this order: what a request touches stands together, or it has to be fetched from a slower memory in three places more.
#[repr(C)]
pub(crate) struct Connection {
    server: Arc<Shared>,
    /// How often bytes have come. Relaxed: written by the task that looks at it.
    reads: AtomicU32,
    /// The socket is somebody else's now, or a stream of it. Relaxed: set before it is handed on.
    is_upgraded: AtomicBool,
    /// A request has come over HTTP/2. Relaxed: read for the report, by the task that writes it, and to look for a request's head.
    speaks_http2: AtomicBool,
    /// What was to be written did not fit. Relaxed: as above.
    is_stuck: AtomicBool,
    /// What comes is a handshake, of which hyper sees nothing. Relaxed: read by the task that writes it, and to look for a
    /// request's head, which may be done once more or less.
    is_handshaking: AtomicBool,
    /// The head of a request may be overdue. Relaxed: the state says whether it is.
    is_late: AtomicBool,
    // A mutex: each request takes it twice, and shares it with nobody but the other streams of its
    // connection.
    state: Mutex<State>,
    /// The client has been told to go. Relaxed: read for the report alone.
    was_told: AtomicBool,
    /// It has acknowledged that. Relaxed: read by the task that writes it, and for the report.
    has_acknowledged: AtomicBool,
    /// The client has chosen HTTP/2, and may not have asked anything yet. Relaxed: as that a request has come over it.
    chose_http2: AtomicBool,
    has_come_while_draining: bool,
    /// Where it stands, by this key, until nobody holds it open.
    open: Arc<Registry<Self>>,
    key: usize,
    peer: Option<SocketAddr>,
    accepted: Instant,
    unread: Unread,
    #[cfg(feature = "http-tls")]
    tls: OnceLock<TlsInfo>,
}

// As above.
#[repr(C)]
struct State {
    /// What holds the connection open in the server's eyes: its task, the socket, requests, and handlers of upgrades.
    /// Over HTTP/2 requests have tasks of their own, which outlive the socket for a moment.
    seats: u32,
    /// How many requests have come; from the largest number on, 1 again.
    asked: u32,
    /// What had been read when the last of them was answered.
    read_at_rest: u32,
    in_flight: Requests,
    /// The connection's task; once upgraded whoever reads from the socket.
    reader: Option<Waker>,
    /// Once upgraded, whoever writes to the socket.
    writer: Option<Waker>,
    /// How many requests had come when the head of the next one was first looked for; `None` while none is waited for.
    looked_for: Option<u32>,
    /// How often it has been looked for since then.
    looks: u8,
}

/// What a connection that nothing is in flight on is waiting for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Idle {
    /// It is not: something is in flight.
    Busy,
    /// For its first request, of which nothing has come.
    Silent,
    /// For the rest of a request, or of a handshake.
    HalfAsked,
    /// For another request, or over HTTP/2 for any.
    Kept,
}

/// For which of the two directions somebody waits.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Reader,
    Writer,
}

impl Connection {
    pub(super) fn new(
        server: Arc<Shared>,
        open: Arc<Registry<Self>>,
        key: usize,
        peer: Option<SocketAddr>,
    ) -> Self {
        let has_come_while_draining = server.stage() >= Stage::Draining;
        let accepted = Instant::now();
        Self {
            server,
            reads: AtomicU32::new(0),
            is_upgraded: AtomicBool::new(false),
            speaks_http2: AtomicBool::new(false),
            is_stuck: AtomicBool::new(false),
            is_handshaking: AtomicBool::new(false),
            is_late: AtomicBool::new(false),
            state: Mutex::new(State {
                seats: 0,
                asked: 0,
                read_at_rest: 0,
                in_flight: Requests::new(),
                reader: None,
                writer: None,
                looked_for: None,
                looks: 0,
            }),
            was_told: AtomicBool::new(false),
            has_acknowledged: AtomicBool::new(false),
            chose_http2: AtomicBool::new(false),
            has_come_while_draining,
            open,
            key,
            peer,
            accepted,
            unread: Unread::new(accepted),
            #[cfg(feature = "http-tls")]
            tls: OnceLock::new(),
        }
    }

    #[inline]
    fn state(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock, so a poisoned state is a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    pub(crate) fn server(&self) -> &Arc<Shared> {
        &self.server
    }

    pub(super) fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    pub(super) fn accepted(&self) -> Instant {
        self.accepted
    }

    /// Counted over HTTP/2.
    #[inline]
    pub(super) fn unread(&self) -> &Unread {
        &self.unread
    }

    pub(super) fn has_come_while_draining(&self) -> bool {
        self.has_come_while_draining
    }

    pub(super) fn is_cut(&self) -> bool {
        self.server.is_cut()
    }

    /// The client has sent something.
    #[inline]
    pub(super) fn heard(&self) {
        // Wraps: only whether it has changed is of interest. Nobody else writes.
        let reads = self.reads().wrapping_add(1);
        self.reads.store(reads, Ordering::Relaxed);
    }

    pub(super) fn choose_http2(&self) {
        self.chose_http2.store(true, Ordering::Relaxed);
    }

    /// The client has acknowledged a PING: hyper sends one behind its GOAWAY, and does not tell of the answer. One of hyper's that
    /// keep the connection alive may be taken for it: this is about how long a client is waited for.
    pub(super) fn acknowledge(&self) {
        if self.was_told() {
            self.has_acknowledged.store(true, Ordering::Relaxed);
        }
    }

    #[cfg(feature = "http-tls")]
    pub(super) fn handshake_begins(&self) {
        self.is_handshaking.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn is_handshaking(&self) -> bool {
        self.is_handshaking.load(Ordering::Relaxed)
    }

    /// The bytes so far were a handshake.
    #[cfg(feature = "http-tls")]
    pub(super) fn handshake_ended(&self, tls: TlsInfo) {
        self.is_handshaking.store(false, Ordering::Relaxed);
        let http2 = tls.alpn() == Some(b"h2");
        self.chose_http2.store(http2, Ordering::Relaxed);
        self.reads.store(0, Ordering::Relaxed);
        // A connection has one.
        let _ = self.tls.set(tls);
    }

    #[cfg(feature = "http-tls")]
    pub(super) fn tls(&self) -> Option<&TlsInfo> {
        self.tls.get()
    }

    #[inline]
    pub(super) fn reads(&self) -> u32 {
        self.reads.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn speaks_http2(&self) -> bool {
        self.speaks_http2.load(Ordering::Relaxed)
    }

    /// The client speaks HTTP/2, or is going to.
    pub(super) fn is_http2(&self) -> bool {
        self.speaks_http2() || self.chose_http2.load(Ordering::Relaxed)
    }

    pub(super) fn set_stuck(&self, stuck: bool) {
        self.is_stuck.store(stuck, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn is_stuck(&self) -> bool {
        self.is_stuck.load(Ordering::Relaxed)
    }

    pub(super) fn idle(&self) -> Idle {
        let state = self.state();
        if !state.in_flight.is_empty() {
            Idle::Busy
        } else if self.is_http2() {
            Idle::Kept
        } else if self.reads() != state.read_at_rest {
            Idle::HalfAsked
        } else if state.asked > 0 {
            Idle::Kept
        } else {
            Idle::Silent
        }
    }

    /// Whether a client of HTTP/1 has asked something, and waits for the answer.
    pub(super) fn answers(&self) -> bool {
        !self.is_http2() && !self.is_upgraded() && self.request_count() > 0
    }

    pub(super) fn tell_to_go(&self) {
        self.was_told.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn was_told(&self) -> bool {
        self.was_told.load(Ordering::Relaxed)
    }

    pub(super) fn has_acknowledged(&self) -> bool {
        self.has_acknowledged.load(Ordering::Relaxed)
    }

    /// Looks for the head of a request, as it is done [`LOOKS`] times within its timeout, and wakes the connection's task where
    /// the client has had its time. Not of a client that speaks HTTP/2, which keeps connections open on purpose, nor of one that
    /// does not take what it was answered.
    pub(super) fn look_for_a_head(&self) {
        let mut state = self.state();
        let now = self.waits_for_a_head(&state).then_some(state.asked);
        if now.is_none() || state.looked_for != now {
            state.looked_for = now;
            state.looks = 0;
            return;
        }
        state.looks = state.looks.saturating_add(1);
        if state.looks >= LOOKS {
            drop(state);
            self.is_late.store(true, Ordering::Relaxed);
            self.wake();
        }
    }

    fn waits_for_a_head(&self, state: &State) -> bool {
        let is_other = self.is_http2() || self.is_upgraded() || self.is_handshaking();
        state.in_flight.is_empty() && !is_other && !self.is_stuck()
    }

    #[inline]
    pub(super) fn may_be_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }

    /// Whether the client has had its time, and no request has come meanwhile.
    pub(super) fn is_late(&self) -> bool {
        let state = self.state();
        let is_late = state.looks >= LOOKS
            && self.waits_for_a_head(&state)
            && state.looked_for == Some(state.asked);
        self.is_late.store(is_late, Ordering::Relaxed);
        is_late
    }

    /// Notes whom to wake when the stage changes. Whoever looks at the stage after this misses
    /// none: it is changed before anybody is woken, under this lock.
    pub(super) fn wake_by(&self, side: Side, waker: &Waker) {
        let mut state = self.state();
        let place = match side {
            Side::Reader => &mut state.reader,
            Side::Writer => &mut state.writer,
        };
        match place {
            Some(known) => known.clone_from(waker),
            None => *place = Some(waker.clone()),
        }
    }

    pub(super) fn wake(&self) {
        let state = self.state();
        // Cloned: a task that goes on is woken at the next stage too.
        let wakers = [state.reader.clone(), state.writer.clone()];
        drop(state);
        for waker in wakers.into_iter().flatten() {
            waker.wake();
        }
    }

    pub(super) fn has_upgraded(&self) {
        self.is_upgraded.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn is_upgraded(&self) -> bool {
        self.is_upgraded.load(Ordering::Relaxed)
    }

    /// Counts a request as in flight.
    pub(super) fn begin(self: &Arc<Self>, request: Request, http2: bool) -> InFlight {
        if http2 && !self.speaks_http2() {
            self.speaks_http2.store(true, Ordering::Relaxed);
        }
        let mut state = self.state();
        state.asked = state.asked.checked_add(1).unwrap_or(1);
        self.insert(&mut state, request)
    }

    fn insert(self: &Arc<Self>, state: &mut State, request: Request) -> InFlight {
        state.seats += 1;
        InFlight {
            key: state.in_flight.insert(request),
            connection: self.clone(),
        }
    }

    /// What is in flight.
    pub(super) fn in_flight(&self) -> Vec<Request> {
        let state = self.state();
        state.in_flight.iter().cloned().collect()
    }

    /// How many requests are in flight; an upgraded connection is none.
    pub(super) fn request_count(&self) -> usize {
        let state = self.state();
        let all = state.in_flight.iter();
        all.filter(|one| one.kind == Kind::Request).count()
    }
}

/// A request that is in flight, until its answer's last byte is handed over.
pub(crate) struct InFlight {
    connection: Arc<Connection>,
    key: usize,
}

impl InFlight {
    #[inline]
    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    #[cfg(feature = "ws")]
    pub(super) fn key(&self) -> usize {
        self.key
    }

    /// The answer is the last one of HTTP: from here on the connection is its handler's, and in
    /// flight until its socket is closed.
    pub(super) fn upgrade(self) {
        self.connection.has_upgraded();
        let mut state = self.connection.state();
        // Where the handler has told who it is, it is named by that.
        let told = state.in_flight.iter().any(|one| one.kind == Kind::Held);
        let asked = state.in_flight.get(self.key).filter(|_| !told);
        if let Some(upgraded) = asked.map(|one| one.as_kind(Kind::Upgraded)) {
            state.in_flight.insert(upgraded);
        }
        drop(state);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let connection = &*self.connection;
        connection.leave(|state| {
            state.in_flight.remove(self.key);
            state.read_at_rest = connection.reads();
        });
    }
}

/// Work that outlives the request that began it: the connection counts as open until it has ended.
#[cfg(feature = "ws")]
pub(crate) struct Held {
    _in_flight: InFlight,
}

#[cfg(feature = "ws")]
impl Connection {
    /// Counts as in flight what the handler of a request has left to do. `None` where nothing comes of
    /// it: the request has been answered, or dropped.
    pub(crate) fn hold(self: &Arc<Self>, request: usize) -> Option<Held> {
        let mut state = self.state();
        let held = state.in_flight.get(request)?.as_kind(Kind::Held);
        let in_flight = self.insert(&mut state, held);
        Some(Held {
            _in_flight: in_flight,
        })
    }
}

/// Holds a connection open in the server's eyes.
pub(crate) struct Seat {
    connection: Arc<Connection>,
}

impl Seat {
    pub(super) fn first(connection: Arc<Connection>) -> Self {
        connection.state().seats = 1;
        Self { connection }
    }

    /// Another one of the same connection.
    pub(super) fn another(&self) -> Self {
        let connection = self.connection.clone();
        connection.state().seats += 1;
        Self { connection }
    }

    #[inline]
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl Connection {
    /// Whatever held it open has ended; `note` takes note of it.
    fn leave(&self, note: impl FnOnce(&mut State)) {
        let mut state = self.state();
        note(&mut state);
        state.seats -= 1;
        let last = state.seats == 0;
        drop(state);
        if last {
            self.open.remove(self.key);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connection.leave(|_| {});
    }
}
