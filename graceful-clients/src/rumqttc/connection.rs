//! The connection: a field of the state.

use super::event_loop::{Standing, poll_to_the_end};
use crate::limit::last_moment;
use graceful_runtime::{Context, Result, Shutdown};
use rumqttc::{AsyncClient, Event, EventLoop};
use std::fmt;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout_at;

/// Nobody subscribes to it, so leaving it changes nothing.
const MARK: &str = "graceful/close";

/// A connection whose event loop is polled in a task of its own, to its end.
///
/// ```no_run
/// use graceful_clients::rumqttc::MqttConnection;
/// use rumqttc::{AsyncClient, Event, MqttOptions, Packet};
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "3s")]
///     mqtt: MqttConnection,
/// }
///
/// # fn main() {
/// #[graceful::main]
/// async fn main() -> App {
///     let mut options = MqttOptions::new("sensor-7", "127.0.0.1", 1883);
///     options.set_clean_session(false); // else a lost connection loses the subscriptions
///     let (client, event_loop) = AsyncClient::new(options, 64);
///     let mqtt = MqttConnection::poll(client, event_loop, |event| {
///         if let Event::Incoming(Packet::Publish(message)) = event {
///             println!("{:?}", message.payload);
///         }
///     });
///     App { mqtt }
/// }
/// # }
/// ```
///
/// A connection that is lost is made again, every half second, and what was not confirmed is sent again: also where the broker
/// has forgotten the session, of which the client alone would throw it away.
///
/// # How it is closed
///
/// What was published is sent, and confirmed where its `QoS` is 1 or 2. Then the broker is told, and the connection is polled until it
/// has closed it. The client's own `disconnect` does not wait for what was published before, and the last will is published where
/// nobody polls any more.
///
/// Clones of the client are the same connection. Close what publishes before it.
///
/// # Errors of the close
///
/// [`Unconfirmed`], where the broker has not confirmed all by the limit; or that it did not close the connection.
///
/// Dropped without a close, the connection is cut.
#[must_use = "the connection is cut when it is dropped: keep it in the state"]
pub struct MqttConnection {
    client: AsyncClient,
    standing: watch::Receiver<Standing>,
    polling: JoinHandle<()>,
    give_up: watch::Sender<bool>,
}

impl MqttConnection {
    /// Polls `event_loop`, which belongs to `client`; `on_event` sees each event. It may not block. If it panics, nothing is polled any more: the
    /// stop of the service begins, with that as its reason.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn poll(
        client: AsyncClient,
        event_loop: EventLoop,
        on_event: impl FnMut(Event) + Send + 'static,
    ) -> Self {
        let (told, standing) = watch::channel(Standing::default());
        let (give_up, is_given_up) = watch::channel(false);
        Self {
            client,
            standing,
            polling: tokio::spawn(poll_to_the_end(event_loop, on_event, told, is_given_up)),
            give_up,
        }
    }

    /// The client that publishes and subscribes.
    pub fn client(&self) -> &AsyncClient {
        &self.client
    }

    async fn leave(&mut self, cx: &Context) -> Result {
        let left = self.confirm_and_disconnect(cx).await;
        // It fails where nobody polls any more, and why that is says more.
        (&mut self.polling).await?;
        left
    }

    async fn confirm_and_disconnect(&mut self, cx: &Context) -> Result {
        self.until_confirmed(cx).await?;
        cx.progress("taking leave of the broker");
        Ok(self.client.disconnect().await?)
    }

    /// A request goes behind all that was published: when it is answered, the broker has that.
    ///
    /// The client does not tell whose answer one is. A request of somebody else may be answered before what stands behind it has been sent.
    /// So it is asked again until twice in a row one request was sent and one was answered: the second answer comes behind all that was
    /// published, also where the first was somebody else's.
    async fn until_confirmed(&mut self, cx: &Context) -> Result {
        let mut alone = 0;
        while alone < 2 {
            if self.is_confirmed_alone(cx).await? {
                alone += 1;
            } else {
                alone = 0;
            }
        }
        Ok(())
    }

    /// False where another request was answered meanwhile, or the connection was lost: this one may have gone with it.
    async fn is_confirmed_alone(&mut self, cx: &Context) -> Result<bool> {
        let before = *self.standing.borrow_and_update();
        self.client.unsubscribe(MARK).await?;
        loop {
            let now = *self.standing.borrow_and_update();
            if now.connections > before.connections {
                return Ok(false);
            }
            let (asked, answered) = (now.asked - before.asked, now.answered - before.answered);
            if answered > 0 && now.unconfirmed == 0 {
                return Ok(asked == 1 && answered == 1);
            }
            cx.progress(Unconfirmed(now.unconfirmed).to_string());
            cx.in_flight(now.unconfirmed);
            self.standing.changed().await?;
        }
    }

    /// Ends the connection: how many messages are left.
    async fn count_left(&mut self) -> usize {
        self.give_up.send_replace(true);
        // Where it has panicked, what it said last counts.
        let _ = (&mut self.polling).await;
        self.standing.borrow().unconfirmed
    }
}

impl Shutdown for MqttConnection {
    async fn shutdown(mut self, cx: Context) -> Result {
        match timeout_at(last_moment(&cx), self.leave(&cx)).await {
            Ok(left) => left,
            Err(_) => match self.count_left().await {
                0 => Err("the MQTT broker did not answer within the limit".into()),
                unconfirmed => {
                    cx.in_flight(unconfirmed);
                    Err(Unconfirmed(unconfirmed).into())
                }
            },
        }
    }
}

impl Drop for MqttConnection {
    fn drop(&mut self) {
        self.polling.abort();
    }
}

impl fmt::Debug for MqttConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MqttConnection")
            .field("standing", &*self.standing.borrow())
            .finish_non_exhaustive()
    }
}

/// So many messages were not confirmed by the broker: those that are in flight, those that are to be sent again, and those that the client
/// has not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unconfirmed(pub usize);

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count) = self;
        match count {
            1 => f.write_str("1 message is not confirmed"),
            _ => write!(f, "{count} messages are not confirmed"),
        }
    }
}

impl std::error::Error for Unconfirmed {}
