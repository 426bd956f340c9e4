//! The course of a stop, from its reason to the end of the main thread.

use super::beside::leave_signal;
use super::force;
use super::narrator::Narrator;
use super::notice::{Notice, to_stderr};
use crate::board::{Board, share_before};
use crate::closing::{Place, watch};
use crate::erased::sleep_until;
use crate::latch::Latch;
use crate::later::later;
use crate::lifecycle::{Body, Lifecycle, Stop};
use crate::lock::Lock;
use crate::phase::Phase;
use crate::race::{either, until};
use crate::reason::{Reason, Signal};
use crate::settings::Settings;
use crate::words::Seconds;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Wake, Waker};
use std::time::Duration;
use tokio::time::Instant;

/// A task that listens to a signal too may hear of it, and end, a moment before it is heard of here.
const SAME_MOMENT: Duration = Duration::from_millis(20);

/// How often it is said what is waited for.
const WAITING_LINE: Duration = Duration::from_secs(5);

/// Whoever has run for this long is a service, and may run for years: time to get ready for the stop.
const SETTLED: Duration = Duration::from_millis(50);

/// What the log may take of the end, and standard output after it, where nobody reads them in time.
pub(crate) const LAST_WORDS: Duration = Duration::from_millis(200);

/// What the main thread may lose on a busy machine, where the deadline leaves it.
const MARGIN: Duration = Duration::from_millis(300);

/// What the main thread has for itself after the deadline, before the exit is forced.
const SLACK: Duration = Duration::from_millis(20);

pub(crate) struct Course {
    pub(super) lifecycle: Arc<Lifecycle>,
    pub(super) settings: Settings,
    /// Standard error is the host's.
    pub(super) hosted: bool,
    pub(super) narrator: Arc<Narrator>,
    /// Set once the runtime is there.
    place: OnceLock<Place>,
    pub(super) board: OnceLock<Arc<Board>>,
    // A mutex: written once or twice in a stop.
    pub(super) left_behind: Lock<Vec<String>>,
    // Relaxed: written and read by the supervisor alone.
    pub(super) main_overran: AtomicBool,
    /// When the main thread went on to the last words.
    pub(super) runtime_ended: OnceLock<Instant>,
    /// Relaxed: published with the last phase.
    pub(super) lost: AtomicBool,
    pub(super) closed_at: OnceLock<Instant>,
    main_is_over: Latch,
    first_signal: OnceLock<Signal>,
    signal_has_come: Latch,
    /// Relaxed: whoever sees it a moment late does what it would have done a moment before.
    is_over: AtomicBool,
}

/// Called by the last step of a round.
struct NextRound(Weak<Course>);

impl Wake for NextRound {
    fn wake(self: Arc<Self>) {
        if let Some(course) = self.0.upgrade() {
            if let Some(stop) = course.lifecycle.stop() {
                course.close_round(stop);
            }
        }
    }
}

impl Course {
    pub(crate) fn new(lifecycle: Arc<Lifecycle>, settings: Settings) -> Self {
        Self {
            lifecycle,
            settings,
            hosted: false,
            narrator: Arc::default(),
            place: OnceLock::new(),
            board: OnceLock::new(),
            left_behind: Lock::default(),
            main_overran: AtomicBool::new(false),
            runtime_ended: OnceLock::new(),
            lost: AtomicBool::new(false),
            closed_at: OnceLock::new(),
            main_is_over: Latch::default(),
            first_signal: OnceLock::new(),
            signal_has_come: Latch::default(),
            is_over: AtomicBool::new(false),
        }
    }

    /// For a life inside a host, which owns standard error.
    pub(crate) fn hosted(lifecycle: Arc<Lifecycle>, settings: Settings) -> Self {
        Self {
            hosted: true,
            ..Self::new(lifecycle, settings)
        }
    }

    /// Says where steps run: called once, before anything can be registered.
    pub(crate) fn set_place(&self, place: Place) {
        drop(self.place.set(place));
    }

    /// Starts, before it is needed, what a stop needs: a service that runs has the time for it.
    pub(crate) fn make_ready(&self) {
        if self.lifecycle.stop().is_some() {
            return;
        }
        self.narrator.make_ready();
        let closes = !self.lifecycle.stack().is_empty();
        if let (true, Some(place)) = (closes, self.place.get()) {
            place.make_ready();
        }
    }

    /// Lets the main thread go when this is dropped, also by a panic: without a supervisor nobody else would.
    pub(super) fn release_main_at_the_end(self: &Arc<Self>) -> impl Drop + use<> {
        struct Release(Arc<Course>);
        impl Drop for Release {
            fn drop(&mut self) {
                if std::thread::panicking() {
                    self.0.is_lost();
                }
                self.0.lifecycle.enter_phase(Phase::Stopped);
                self.0.dismiss();
            }
        }
        Release(self.clone())
    }

    /// The supervisor has panicked, which is a bug: the end must not look like that of a good stop.
    fn is_lost(&self) {
        self.lost.store(true, Ordering::Relaxed);
        if self.closed_at.get().is_none() {
            to_stderr("its supervisor has panicked: nothing more is closed. Please report it");
        }
    }

    pub(super) fn lifecycle(&self) -> &Arc<Lifecycle> {
        &self.lifecycle
    }

    pub(super) fn signals(&self) -> &[Signal] {
        &self.settings.signals
    }

    pub(super) fn narrator(&self) -> &Arc<Narrator> {
        &self.narrator
    }

    /// The main thread is through. Where the process is about to end nobody is woken for that.
    pub(super) fn main_is_over(&self, process_ends: bool) {
        self.lifecycle.forget();
        self.is_over.store(true, Ordering::Relaxed);
        if !process_ends {
            self.main_is_over.open();
        }
    }

    /// Whether no signal and no deadline is the supervisor's any more.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Nothing more will be closed, nor said but by a main thread that has lost its supervisor.
    fn dismiss(&self) {
        if let Some(place) = self.place.get() {
            place.dismiss();
        }
        if !self.lost.load(Ordering::Relaxed) {
            self.narrator.finish();
        }
    }

    pub(super) fn first_signal(&self, signal: Signal) {
        let explains = self.lifecycle.may_follow_a_signal();
        let _ = self.first_signal.set(signal);
        self.signal_has_come.open();
        // Also where the stop has only been asked for, and nothing has happened yet.
        if !self.lifecycle.request(Reason::Signal(signal)) && !explains {
            self.narrator.say(Notice::AlreadyStopping(signal));
            leave_signal(signal);
        }
    }

    /// From the reason to be there to the end of the main thread.
    pub(super) async fn run(self: &Arc<Self>) {
        // Without a reason to stop, the main thread's end is one.
        let over = async {
            until(Instant::now() + SETTLED, pin!(self.main_is_over.wait())).await;
            if !self.is_over() {
                self.make_ready();
                self.main_is_over.wait().await;
            }
        };
        either(pin!(self.stop()), pin!(over)).await;
        let Some(&stopped) = self.closed_at.get() else {
            return;
        };
        if !self.main_ends_in_time(stopped).await {
            let left = match (self.runtime_ended.get(), self.lifecycle.body()) {
                (Some(_), _) => "what was printed last, and nobody reads",
                (None, Body::Ended) => "the runtime: a task blocks its thread",
                (None, Body::Runs | Body::ToBeDropped) => "`main`: it blocks its thread",
            };
            self.leave_behind(left.to_owned());
            force::end(self, None);
            std::future::pending::<()>().await;
        }
    }

    /// What the stop is asked for, or the signal that is behind that.
    async fn reason(&self) -> Arc<Reason> {
        let asked = self.lifecycle.reason().await;
        if self.settings.signals.is_empty() || !self.lifecycle.may_follow_a_signal() {
            return asked;
        }
        let comes = pin!(self.signal_has_come.wait());
        until(Instant::now() + SAME_MOMENT, comes).await;
        match self.first_signal.get() {
            Some(&signal) => Arc::new(Reason::Signal(signal)),
            None => asked,
        }
    }

    /// Waits for the reason, and goes through the phases to the last step's end.
    pub(crate) async fn stop(self: &Arc<Self>) {
        let reason = self.reason().await;
        let stop = self.lifecycle.freeze(reason, self.settings.timeout);
        self.lifecycle.enter_phase(Phase::Draining);
        self.narrate_beginning(&stop);
        let delay = self.delay(&stop);
        if !delay.is_zero() {
            self.narrator.speak();
            // Even a sleep of nothing takes a turn of the timer, a millisecond.
            let over = later(stop.began, delay);
            if self.lifecycle.body_is_start_up() {
                sleep_until(over).await;
            } else {
                // It was `main` itself that served.
                until(over, pin!(self.lifecycle.body_ended())).await;
            }
        }
        self.lifecycle.enter_phase(Phase::Closing);
        let ends = async {
            self.end_body(&stop).await;
            self.close_all(&stop).await;
        };
        either(pin!(ends), pin!(self.say_what_is_waited_for(&stop))).await;
    }

    /// When the runtime is to have ended, the blocking work that nobody tracks included.
    pub(crate) fn runtime_ends_by(&self, now: Instant) -> Instant {
        let grace = later(now, self.settings.blocking_grace);
        match self.lifecycle.stop() {
            Some(stop) => grace.min(stop.deadline),
            None => grace,
        }
    }

    /// Whether the main thread is through before its time is.
    async fn main_ends_in_time(&self, stopped: Instant) -> bool {
        loop {
            let by = self.main_ends_by(stopped);
            let now = Instant::now();
            // It wakes nobody when it goes on to the last words: they have less time.
            let look = by.min(now + LAST_WORDS);
            until(look, pin!(self.main_is_over.wait())).await;
            if self.main_is_over.is_open() || self.is_over() {
                return true;
            }
            if look == by {
                return false;
            }
        }
    }

    /// When the main thread is to be through: the runtime, the log, standard output.
    fn main_ends_by(&self, stopped: Instant) -> Instant {
        let end = match self.runtime_ended.get() {
            Some(&ended) => ended + 2 * LAST_WORDS,
            None => self.runtime_ends_by(stopped) + 2 * LAST_WORDS + MARGIN,
        };
        let deadline = self.lifecycle.stop().map_or(end, |stop| stop.deadline);
        end.min(deadline) + SLACK
    }

    /// The main thread goes on to the last words.
    pub(crate) fn runtime_has_ended(&self) {
        let _ = self.runtime_ended.set(Instant::now());
    }

    /// Waits until everything has been said, but not longer than `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        self.narrator.flush(limit);
    }

    fn narrate_beginning(&self, stop: &Stop) {
        let closes = self.lifecycle.stack().names();
        let asked_for = matches!(
            *stop.reason,
            Reason::Signal(_) | Reason::Requested(_) | Reason::CriticalTask { .. }
        );
        if closes.is_empty() && !asked_for {
            return; // as quiet as a program without graceful
        }
        // Woken once the rest is on its way.
        self.narrator.note(Notice::Began {
            reason: stop.reason.clone(),
            closes,
            budget: self.settings.timeout,
            delay: self.delay(stop),
            takes_signals: !self.settings.signals.is_empty(),
        });
    }

    /// How long to go on serving: not at all where nobody serves yet, or any more.
    fn delay(&self, stop: &Stop) -> Duration {
        let starting = self.lifecycle.body_is_start_up() && self.lifecycle.body() != Body::Ended;
        if starting || !stop.reason.waits_for_delay() {
            Duration::ZERO
        } else {
            self.settings.delay
        }
    }

    /// Lets `main`'s body end by itself where it is about to, and drops it where it never would.
    async fn end_body(&self, stop: &Stop) {
        let lifecycle = &self.lifecycle;
        if lifecycle.body_is_start_up() || !lifecycle.has_been_asked() {
            lifecycle.drop_body();
        }
        let now = Instant::now();
        let remaining = stop.deadline.saturating_duration_since(now);
        let share = share_before(remaining, lifecycle.stack().needs());
        until(now + share, pin!(lifecycle.body_ended())).await;
        if lifecycle.body() != Body::Ended {
            let share = Seconds(share, 1);
            self.leave_behind(format!("`main`, which had not ended after {share}"));
            self.main_overran.store(true, Ordering::Relaxed);
            lifecycle.drop_body();
        }
    }

    async fn close_all(self: &Arc<Self>, stop: &Stop) {
        let (Some(place), false) = (self.place.get(), self.lifecycle.stack().is_over()) else {
            return self.has_closed();
        };
        let board = Board::new(place.crew(), self.narrator.clone(), stop.began);
        #[cfg(feature = "test-util")]
        board.inject(self.settings.faults.clone());
        let board = self.board.get_or_init(|| board);
        let (course, first) = (self.clone(), stop.clone());
        place.once_it_is_known(move || course.close_round(&first));
        let (watched, asked) = (pin!(watch(board)), pin!(place.keep_asking()));
        let aside = pin!(either(watched, asked));
        either(pin!(self.lifecycle.stopped()), aside).await;
    }

    /// Closes what has been registered, then what was registered meanwhile, until nothing is left.
    /// Runs where the last step has ended, so that the main thread need not wait for the supervisor.
    fn close_round(self: &Arc<Self>, stop: &Stop) {
        let Some(board) = self.board.get() else {
            return;
        };
        loop {
            let pending = self.lifecycle.stack().take(board, &stop.reason);
            if pending.is_empty() {
                return self.has_closed();
            }
            let group = board.begin(None, pending, stop.deadline);
            let next = Waker::from(Arc::new(NextRound(Arc::downgrade(self))));
            if board.poll_group(group, &next).is_pending() {
                return;
            }
        }
    }

    /// Ends the closes from the main thread, which then waits for nobody, where its body was the last
    /// to end and nothing is registered.
    pub(crate) fn end_if_nothing_is_left(&self) {
        if self.lifecycle.phase() < Phase::Closing {
            return;
        }
        let nothing = {
            // An empty stack may be one whose entries are being closed: they go to the board under this lock.
            let mut stack = self.lifecycle.stack();
            self.board.get().is_none() && stack.is_over()
        };
        if nothing {
            self.has_closed();
        }
    }

    fn has_closed(&self) {
        let _ = self.closed_at.set(Instant::now());
        if let Some(place) = self.place.get() {
            place.dismiss();
        }
        self.lifecycle.enter_phase(Phase::Stopped);
    }

    /// Says it every few seconds; never ends.
    async fn say_what_is_waited_for(&self, stop: &Stop) {
        // What has been noted, once the rest is on its way.
        self.narrator.speak();
        let mut next = stop.began + WAITING_LINE;
        loop {
            sleep_until(next).await;
            next += WAITING_LINE;
            let now = Instant::now();
            let running = match self.board.get() {
                Some(board) => board.running(now),
                None => vec![format!("`main` for {}", Seconds(now - stop.began, 1))],
            };
            if !running.is_empty() {
                self.narrator.say(Notice::Waiting {
                    running,
                    remaining: stop.deadline.saturating_duration_since(now),
                    to_stderr: !self.hosted,
                });
            }
        }
    }
}
