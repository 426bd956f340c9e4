//! A connection's work, and what the stages of the server mean for it.

use super::connection::{Connection, Idle, Side};
use super::stage::Stage;
use super::timer::poll_timer;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// How many times the idle grace an HTTP/2 client may take to acknowledge that it is to go: a round trip, over
/// any line there is.
const ACKNOWLEDGES: u32 = 4;

/// What a connection works at: a handshake, or HTTP.
pub(super) trait Work: Future {
    /// Asks it to end after what has begun.
    fn finish(self: Pin<&mut Self>);
}

/// How long clients are waited for when the server closes.
#[derive(Clone, Copy)]
pub(super) struct Graces {
    /// Those without a request.
    pub(super) idle: Duration,
    /// Those with half of one.
    pub(super) half: Duration,
}

pin_project! {
    /// Carries out the work of a connection; `None` where it was cut, or had nothing to wait for.
    pub(super) struct Drive<'a, W> {
        #[pin]
        work: W,
        beside: Beside<'a>,
    }
}

/// What there is to do beside the work.
struct Beside<'a> {
    connection: &'a Connection,
    graces: &'a Graces,
    /// Whether a change of the stage wakes the task.
    is_known: bool,
    /// When the client of half a request, or of HTTP/2 without one, has had its time.
    half: Option<Pin<Box<Sleep>>>,
    /// The work was asked to end.
    is_told: bool,
    /// When the client may have read what it was sent.
    reads: Option<Pin<Box<Sleep>>>,
    silence: Option<Silence>,
}

/// How long nothing has come.
struct Silence {
    reads: u32,
    ends: Pin<Box<Sleep>>,
}

enum Next {
    Wait,
    Finish,
    Drop,
}

impl<'a, W: Work> Drive<'a, W> {
    pub(super) fn new(work: W, connection: &'a Connection, graces: &'a Graces) -> Self {
        Self {
            work,
            beside: Beside {
                connection,
                graces,
                is_known: false,
                half: None,
                is_told: false,
                reads: None,
                silence: None,
            },
        }
    }
}

impl<W: Work> Future for Drive<'_, W> {
    type Output = Option<W::Output>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let beside = this.beside;
        if !beside.is_known {
            // A task's waker is always the same one.
            beside.connection.wake_by(Side::Reader, task.waker());
            beside.is_known = true;
        }
        loop {
            if let Poll::Ready(output) = this.work.as_mut().poll(task) {
                return Poll::Ready(Some(output));
            }
            if beside.is_nothing() {
                return Poll::Pending;
            }
            match beside.next(task) {
                Next::Wait => return Poll::Pending,
                Next::Drop => return Poll::Ready(None),
                Next::Finish => {
                    beside.is_told = true;
                    beside.connection.tell_to_go();
                    beside.silence = None;
                    this.work.as_mut().finish();
                }
            }
        }
    }
}

impl Beside<'_> {
    /// Nearly always; so this is asked first, after each request.
    fn is_nothing(&self) -> bool {
        !self.connection.may_be_late() && self.connection.server().is_serving()
    }

    fn next(&mut self, task: &mut Context<'_>) -> Next {
        match self.connection.server().stage() {
            Stage::Cut => Next::Drop,
            Stage::Draining if self.is_told => Next::Wait,
            Stage::Closing if self.is_told => self.unless_gone(task),
            Stage::Draining if self.connection.speaks_http2() => self.when_to_leave(task),
            // GOAWAY is made for this: what the client has sent before it reads that is answered, and
            // the rest it sends elsewhere. Before the first request the handshake may not have ended.
            Stage::Closing if self.connection.speaks_http2() => Next::Finish,
            // In HTTP/1.1 the answer to a request says that it is the last one.
            Stage::Serving | Stage::Draining => self.unless_late(),
            Stage::Closing => self.when_idle(task),
        }
    }

    fn unless_late(&self) -> Next {
        if self.connection.may_be_late() && self.connection.is_late() {
            Next::Drop
        } else {
            Next::Wait
        }
    }

    /// A client that is told to go loses the calls which it has not sent yet: few libraries send them over another
    /// connection. So it is told while it has none, and one that never pauses when the server closes. One that has come
    /// while the delay passes has nowhere else to go.
    fn when_to_leave(&mut self, task: &mut Context<'_>) -> Next {
        let may_leave = !self.connection.has_come_while_draining();
        if !may_leave || self.connection.idle() == Idle::Busy {
            self.silence = None;
            return Next::Wait;
        }
        if self.is_silent_for(self.graces.idle, task) {
            Next::Finish
        } else {
            Next::Wait
        }
    }

    /// A client that has connected, or been answered, may just be sending; hyper's own shutdown would
    /// close on it.
    fn when_idle(&mut self, task: &mut Context<'_>) -> Next {
        let idle = self.connection.idle();
        match idle {
            Idle::Busy => {
                self.silence = None;
                self.half = None;
                Next::Wait
            }
            Idle::HalfAsked => {
                self.silence = None;
                self.unless_given_up(task)
            }
            Idle::Silent if self.is_silent_for(self.graces.idle, task) => Next::Drop,
            Idle::Kept if self.is_silent_for(self.graces.idle, task) => Next::Finish,
            // Over HTTP/2 there is more to say than requests.
            Idle::Kept if self.connection.is_http2() && self.has_had_its_time(task) => Next::Finish,
            Idle::Silent | Idle::Kept => Next::Wait,
        }
    }

    /// The rest of half a request may never come, or a byte at a time.
    fn unless_given_up(&mut self, task: &mut Context<'_>) -> Next {
        if self.has_had_its_time(task) {
            self.connection.server().note_unfinished();
            return Next::Drop;
        }
        self.unless_late()
    }

    /// Whether a client has had the time for what it has begun.
    fn has_had_its_time(&mut self, task: &mut Context<'_>) -> bool {
        let server = self.connection.server();
        let grace = || Box::pin(sleep(server.patience(self.graces.half)));
        let half = self.half.get_or_insert_with(grace);
        poll_timer(half.as_mut(), task).is_ready()
    }

    /// A client that lives acknowledges the PING which hyper sends behind its GOAWAY, once it has read what it was sent before. One
    /// that is asleep, or behind a line that is down, never does, and would have the close wait to its limit for nothing. One that
    /// has acknowledged it and is still there has an answer to read.
    fn unless_gone(&mut self, task: &mut Context<'_>) -> Next {
        let may_be_gone = self.connection.is_http2()
            && !self.connection.has_acknowledged()
            && self.connection.idle() != Idle::Busy;
        if !may_be_gone || self.may_be_reading(task) {
            self.silence = None;
            return Next::Wait;
        }
        let time = self.graces.idle.saturating_mul(ACKNOWLEDGES);
        if self.is_silent_for(time, task) {
            return Next::Drop;
        }
        Next::Wait
    }

    /// Whether the client may not have read yet what it was sent. Wakes the task when it is to ask again.
    fn may_be_reading(&mut self, task: &mut Context<'_>) -> bool {
        loop {
            let takes = self.connection.unread().takes();
            if takes.is_zero() {
                return false;
            }
            let reads = self.reads.get_or_insert_with(|| Box::pin(sleep(takes)));
            if poll_timer(reads.as_mut(), task).is_pending() {
                return true;
            }
            // More was sent meanwhile.
            self.reads = None;
        }
    }

    /// Whether nothing has come for so long, since this was first asked. Wakes the task when it is to ask
    /// again.
    fn is_silent_for(&mut self, time: Duration, task: &mut Context<'_>) -> bool {
        let reads = self.connection.reads();
        let time = match &self.silence {
            None => self.connection.server().patience(time),
            // One that has spoken since is no client that is silent to the limit.
            Some(_) => time,
        };
        let silence = match &mut self.silence {
            Some(silence) if silence.reads == reads => silence,
            _ => self.silence.insert(Silence {
                reads,
                ends: Box::pin(sleep(time)),
            }),
        };
        poll_timer(silence.ends.as_mut(), task).is_ready()
    }
}
