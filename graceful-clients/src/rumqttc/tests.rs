//! A connection, with a broker that is not as it should be.

use crate::rumqttc::MqttConnection;
use graceful::testing::{AssertReport as _, run};
use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, QoS};
use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::Duration;

const PUBLISH: u8 = 3;
const UNSUBSCRIBE: u8 = 10;
const DISCONNECT: u8 = 14;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "20s")]
    mqtt: MqttConnection,
}

/// What is published to it does not come to its end.
#[derive(graceful::Shutdown)]
struct Impatient {
    #[shutdown(timeout = "1s")]
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
        publish_twenty(&mqtt).await;
        App { mqtt }
    })
    .real_time()
    .report()
    .assert_clean();
    let came = broker.join().unwrap().unwrap();
    assert_eq!(came, (0..20).collect());
}

async fn publish_twenty(mqtt: &MqttConnection) {
    for number in 0..20 {
        let publish = mqtt
            .client()
            .publish("t", QoS::AtLeastOnce, false, [number]);
        publish.await.unwrap();
    }
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

/// Of 164 the client has sent 100 at once, and has the others in its queue.
#[test]
fn what_waits_to_be_sent_is_counted_with_what_is_not_confirmed() {
    is_left(100, 164, |mut client| while read(&mut client).is_ok() {});
}

/// What is to be sent over the next connection are five that were sent, three that were not, and the request that goes behind them.
#[test]
fn what_is_no_message_is_not_counted() {
    is_left(5, 8, |mut client| {
        for _ in 0..5 {
            read(&mut client).unwrap();
        }
        // The close begins meanwhile.
        sleep(Duration::from_millis(300));
    });
}

/// Publishes so many messages, of which so many are sent before the first is confirmed, to a broker that does this with its one connection.
fn is_left(at_once: u16, published: usize, broker: fn(TcpStream)) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let broker = thread::spawn(move || {
        let client = accept(&listener).unwrap();
        drop(listener);
        broker(client);
    });
    let report = run(async move || {
        let mut options = MqttOptions::new("sensor-7", "127.0.0.1", port);
        options.set_inflight(at_once);
        let (client, event_loop) = AsyncClient::new(options, 64);
        let mqtt = MqttConnection::poll(client, event_loop, drop);
        for _ in 0..published {
            let publish = mqtt.client().publish("t", QoS::AtLeastOnce, false, "1");
            publish.await.unwrap();
        }
        Impatient { mqtt }
    })
    .real_time()
    .report();
    report.assert_failed("mqtt", &format!("{published} messages are not confirmed"));
    let left = report.step("mqtt").unwrap().in_flight;
    assert_eq!(left, Some(published), "{report}");
    broker.join().unwrap();
}

/// The service's own request to unsubscribe is answered before the messages behind it have been sent.
#[test]
fn an_answer_to_somebody_else_is_not_taken_for_its_own() {
    for _ in 0..10 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let broker = thread::spawn(move || hesitant(&listener));
        run(async move || {
            let options = MqttOptions::new("sensor-7", "127.0.0.1", port);
            let (client, event_loop) = AsyncClient::new(options, 64);
            let mqtt = MqttConnection::poll(client, event_loop, |event| {
                if matches!(event, Event::Outgoing(Outgoing::Unsubscribe(_))) {
                    // The answer comes meanwhile.
                    sleep(Duration::from_millis(20));
                }
            });
            mqtt.client().unsubscribe("commands").await.unwrap();
            publish_twenty(&mqtt).await;
            App { mqtt }
        })
        .real_time()
        .report()
        .assert_clean();
        assert_eq!(broker.join().unwrap().unwrap(), 0);
    }
}

/// Confirms what is published a little later: how many it has not confirmed when the client takes its leave.
fn hesitant(listener: &TcpListener) -> Result<usize> {
    let mut client = accept(listener)?;
    client.set_read_timeout(Some(Duration::from_millis(50)))?;
    let mut unconfirmed = Vec::new();
    loop {
        match read(&mut client) {
            Ok((PUBLISH, body)) => unconfirmed.push([0x40, 2, body[3], body[4]]),
            Ok((UNSUBSCRIBE, body)) => client.write_all(&[0xB0, 2, body[0], body[1]])?,
            Ok((DISCONNECT, _)) => return Ok(unconfirmed.len()),
            Ok((kind, _)) => panic!("packet {kind}"),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                for confirmation in unconfirmed.drain(..) {
                    client.write_all(&confirmation)?;
                }
            }
            Err(error) => return Err(error),
        }
    }
}
