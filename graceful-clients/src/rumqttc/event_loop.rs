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
        let event = poll(&mut event_loop).await;
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

/// Polls once. What was not confirmed when the connection was lost is kept from the client until there is a new one: where the broker knows
/// nothing of it any more, the client would throw it away, and what was never sent with it.
async fn poll(event_loop: &mut EventLoop) -> Result<Event, ConnectionError> {
    if event_loop.network.is_some() {
        return event_loop.poll().await;
    }
    let pending = std::mem::take(&mut event_loop.pending);
    let connected = event_loop.poll().await;
    event_loop.pending = pending;
    connected
}

#[cfg(test)]
mod tests {
    use crate::rumqttc::MqttConnection;
    use graceful::testing::{AssertReport as _, run};
    use rumqttc::{AsyncClient, MqttOptions, QoS};
    use std::collections::BTreeSet;
    use std::io::{Read as _, Result, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    const PUBLISH: u8 = 3;
    const UNSUBSCRIBE: u8 = 10;
    const DISCONNECT: u8 = 14;

    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "20s")]
        mqtt: MqttConnection,
    }

    /// Some were sent and not confirmed, others were still to be sent.
    #[test]
    fn a_broker_that_has_forgotten_the_client_gets_what_it_has_not_confirmed() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let broker = thread::spawn(move || forgetful(&listener));
        run(async move || {
            let options = MqttOptions::new("sensor-7", "127.0.0.1", port);
            let (client, event_loop) = AsyncClient::new(options, 64);
            let mqtt = MqttConnection::poll(client, event_loop, drop);
            for number in 0..20 {
                let publish = mqtt
                    .client()
                    .publish("t", QoS::AtLeastOnce, false, [number]);
                publish.await.unwrap();
            }
            App { mqtt }
        })
        .real_time()
        .report()
        .assert_clean();
        let came = broker.join().unwrap().unwrap();
        assert_eq!(came, (0..20).collect());
    }

    /// Cuts its first connection after five messages, and confirms all of its second.
    fn forgetful(listener: &TcpListener) -> Result<BTreeSet<u8>> {
        let mut first = accept(listener)?;
        for _ in 0..5 {
            read(&mut first)?;
        }
        drop(first);
        let mut second = accept(listener)?;
        let mut came = BTreeSet::new();
        loop {
            let (kind, body) = read(&mut second)?;
            match kind {
                // A topic of one letter, behind its length; the number of the packet; what was published.
                PUBLISH => {
                    came.insert(body[5]);
                    second.write_all(&[0x40, 2, body[3], body[4]])?;
                }
                UNSUBSCRIBE => second.write_all(&[0xB0, 2, body[0], body[1]])?,
                DISCONNECT => return Ok(came),
                kind => panic!("packet {kind}"),
            }
        }
    }

    /// It is accepted; there is no session.
    fn accept(listener: &TcpListener) -> Result<TcpStream> {
        let (mut client, _) = listener.accept()?;
        read(&mut client)?;
        client.write_all(&[0x20, 2, 0, 0])?;
        Ok(client)
    }

    /// The kind of a packet, and what it has behind its length: less than 128 bytes.
    fn read(client: &mut TcpStream) -> Result<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        client.read_exact(&mut head)?;
        let mut body = vec![0; head[1].into()];
        client.read_exact(&mut body)?;
        Ok((head[0] >> 4, body))
    }
}
