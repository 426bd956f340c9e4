//! Who is here, how fast each of them may speak, and what all of them hear.

use crate::history::History;
use crate::message::{Line, Said};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Between two lines of one user.
const PACE: Duration = Duration::from_millis(20);

/// How many lines a slow listener may be behind, before it misses some.
const BEHIND: usize = 1024;

#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) close_spread: Duration,
    history: History,
    lines: broadcast::Sender<Line>,
    // A lock for a moment, to come in and to leave; nobody waits while holding it.
    members: Arc<Mutex<HashMap<String, Member>>>,
}

/// One user, with all of their connections.
#[derive(Debug)]
struct Member {
    connections: usize,
    pace: Arc<tokio::sync::Mutex<Interval>>,
}

/// One connection of a user. Dropped, it is gone; with the last one the user and their limiter are.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) user_id: String,
    pub(crate) lines: broadcast::Receiver<Line>,
    room: Room,
    pace: Arc<tokio::sync::Mutex<Interval>>,
}

impl Room {
    pub(crate) fn new(history: History, close_spread: Duration) -> Self {
        Self {
            close_spread,
            history,
            lines: broadcast::Sender::new(BEHIND),
            members: Arc::default(),
        }
    }

    pub(crate) fn enter(&self, user_id: String) -> Seat {
        let mut members = self.members();
        let member = members.entry(user_id.clone()).or_insert_with(|| {
            let mut pace = interval(PACE);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Member {
                connections: 0,
                pace: Arc::new(tokio::sync::Mutex::new(pace)),
            }
        });
        member.connections += 1;
        let pace = member.pace.clone();
        Seat {
            user_id,
            lines: self.lines.subscribe(),
            room: self.clone(),
            pace,
        }
    }

    pub(crate) fn connections(&self) -> usize {
        self.members()
            .values()
            .map(|member| member.connections)
            .sum()
    }

    /// Nobody is left, when the server has closed: it waits for its WebSockets. If that were ever untrue, the report says who.
    #[expect(clippy::unused_async, reason = "as `with` wants it")]
    pub(crate) async fn close(self, cx: graceful::Context) -> Result<(), String> {
        let members = self.members();
        let mut left: Vec<&str> = members.keys().map(String::as_str).collect();
        left.sort_unstable();
        match left[..] {
            [] => {
                cx.note("nobody is left");
                Ok(())
            }
            _ => Err(format!("still here: {}", left.join(", "))),
        }
    }

    fn members(&self) -> MutexGuard<'_, HashMap<String, Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Stores what was said, and tells everybody, this one too: that is how a client knows that it is stored.
    pub(crate) async fn say(&self, said: Said) -> sqlx::Result<()> {
        self.pace.lock().await.tick().await;
        let line = self.room.history.add(&self.user_id, said).await?;
        // Nobody else may be here.
        let _ = self.room.lines.send(line);
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut members = self.room.members();
        if let Entry::Occupied(mut member) = members.entry(self.user_id.clone()) {
            member.get_mut().connections -= 1;
            if member.get().connections == 0 {
                member.remove();
            }
        }
    }
}
