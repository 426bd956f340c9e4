//! Polls a connection until it has been taken leave of.

use graceful_runtime::{Handle, Reason};
use rumqttc::{ConnectionError, Event, EventLoop, Outgoing, Packet, Request};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::select;
use tokio::sync::watch;
use tokio::time::sleep;

/// How long to wait until a broker that is not there is tried again.
const NOBODY_THERE: Duration = Duration::from_millis(500);

/// Where a connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// How often it was made.
    pub(super) connections: u32,
    /// How many requests to unsubscribe were sent, by anybody.
    pub(super) asked: u32,
    /// How many of them were answered.
    pub(super) answered: u32,
    /// What was sent with `QoS` 1 or 2 and is not confirmed, and all that is to be sent again. At the end: each message that was not
    /// sent, or not confirmed.
    pub(super) unconfirmed: usize,
}

/// Polls for as long as there is a connection to be polled, or until it is `given_up`: before that no poll is cut, which could lose what
/// it writes.
pub(super) async fn poll_to_the_end(
    mut event_loop: EventLoop,
    mut on_event: impl FnMut(Event) + Send,
    standing: watch::Sender<Standing>,
    mut given_up: watch::Receiver<bool>,
) {
    let _until_the_end = Alarm::new();
    let mut has_left = false;
    loop {
        let Some(event) = poll_until(&mut given_up, &mut event_loop).await else {
            standing.send_modify(|standing| standing.unconfirmed = left(event_loop));
            return;
        };
        let in_flight = usize::from(event_loop.state.inflight());
        standing.send_modify(|standing| {
            standing.unconfirmed = in_flight + event_loop.pending.len();
            match &event {
                Ok(Event::Incoming(Packet::ConnAck(_))) => standing.connections += 1,
                Ok(Event::Outgoing(Outgoing::Unsubscribe(_))) => standing.asked += 1,
                Ok(Event::Incoming(Packet::UnsubAck(_))) => standing.answered += 1,
                _ => {}
            }
        });
        match event {
            Ok(event) => {
                has_left |= matches!(event, Event::Outgoing(Outgoing::Disconnect));
                on_event(event);
            }
            // The broker has closed it, as it was asked to; or all clients are gone.
            Err(_) if has_left => return,
            Err(ConnectionError::RequestsDone) => return,
            Err(error) => {
                tracing::warn!(%error, "the MQTT connection is lost");
                // Whether it is given up the next poll sees.
                select! {
                    _ = given_up.wait_for(|is| *is) => {}
                    () = sleep(NOBODY_THERE) => {}
                }
            }
        }
    }
}

/// Stops the service where the user's code panics: nobody polls any more then, and nobody would notice.
struct Alarm(Option<Handle>);

impl Alarm {
    fn new() -> Self {
        // None in a program that closes by hand.
        Self(Handle::try_current().ok())
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        if let Some(lifecycle) = &self.0 {
            lifecycle.request(Reason::CriticalTask {
                name: "MQTT connection".into(),
                how: "panicked".to_owned(),
            });
        }
    }
}

/// Polls once; `None` where it is given up. What was not confirmed when the connection was lost is kept from the client until there is a
/// new one: where the broker knows nothing of it any more, the client would throw it away, and what was never sent with it.
async fn poll_until(
    given_up: &mut watch::Receiver<bool>,
    event_loop: &mut EventLoop,
) -> Option<Result<Event, ConnectionError>> {
    let is_connected = event_loop.network.is_some();
    let kept = if is_connected {
        VecDeque::new()
    } else {
        std::mem::take(&mut event_loop.pending)
    };
    let polled = select! {
        biased;
        _ = given_up.wait_for(|is| *is) => None,
        event = event_loop.poll() => Some(event),
    };
    if !is_connected {
        event_loop.pending = kept;
    }
    polled
}

/// How many messages were not sent, or not confirmed.
fn left(mut event_loop: EventLoop) -> usize {
    // One that waits for the number of another to be free.
    let waits = usize::from(event_loop.state.collision.is_some());
    // It has all of them among what is to be sent again, also those that nobody has taken from the queue of the client.
    event_loop.clean();
    let is_message =
        |request: &&Request| matches!(request, Request::Publish(_) | Request::PubRel(_));
    waits + event_loop.pending.iter().filter(is_message).count()
}
