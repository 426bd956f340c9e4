//! Polls a connection until it has been taken leave of.

use rumqttc::{ConnectionError, Event, EventLoop, Outgoing, Packet};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// How long to wait until a broker that is not there is tried again.
const NOBODY_THERE: Duration = Duration::from_millis(500);

/// Where a connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// How often it was made.
    pub(super) connections: u32,
    /// How many requests to unsubscribe were answered.
    pub(super) unsubscribed: u32,
    /// Sent with `QoS` 1 or 2, or to be sent again, and not confirmed.
    pub(super) unconfirmed: usize,
}

/// Polls for as long as there is a connection to be polled. A poll is never cut: that could lose what it writes.
pub(super) async fn poll_to_the_end(
    mut event_loop: EventLoop,
    mut on_event: impl FnMut(Event) + Send,
    standing: watch::Sender<Standing>,
) {
    let mut has_left = false;
    loop {
        let event = event_loop.poll().await;
        let in_flight = usize::from(event_loop.state.inflight());
        standing.send_modify(|standing| {
            standing.unconfirmed = in_flight + event_loop.pending.len();
            match &event {
                Ok(Event::Incoming(Packet::ConnAck(_))) => standing.connections += 1,
                Ok(Event::Incoming(Packet::UnsubAck(_))) => standing.unsubscribed += 1,
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
                sleep(NOBODY_THERE).await;
            }
        }
    }
}
