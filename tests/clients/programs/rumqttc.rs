//! `rumqttc`: a publisher under load.

use rumqttc::MqttOptions;
use std::process::{ExitCode, Termination as _};

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "panics" => panics::main().report(),
        "publisher" => publisher::main().report(),
        case => panic!("no case {case:?}"),
    }
}

fn options(id: &str) -> MqttOptions {
    let port = std::env::var("PORT").expect("PORT");
    MqttOptions::new(id, "127.0.0.1", port.parse().expect("a port"))
}

/// What sees its events panics at the first.
mod panics {
    use super::options;
    use graceful_clients::rumqttc::MqttConnection;
    use rumqttc::AsyncClient;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "2s")]
        mqtt: MqttConnection,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main]
    pub(super) async fn main() -> Service {
        let (client, event_loop) = AsyncClient::new(options("panics"), 64);
        let mqtt = MqttConnection::poll(client, event_loop, |_event| panic!("not this one"));
        Service { mqtt, after: () }
    }
}

mod publisher {
    use super::options;
    use graceful_clients::rumqttc::MqttConnection;
    use rumqttc::{AsyncClient, ClientError, LastWill, QoS};
    use tokio::task::JoinHandle;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result<(), ClientError>>,
        #[shutdown(timeout = "2s")]
        mqtt: MqttConnection,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main(timeout = "6s")]
    pub(super) async fn main() -> Service {
        let mut options = options("publisher");
        options
            .set_clean_session(false)
            .set_last_will(LastWill::new("will", "gone", QoS::AtLeastOnce, false));
        let (client, event_loop) = AsyncClient::new(options, 64);
        let mqtt = MqttConnection::poll(client, event_loop, drop);
        let load = tokio::spawn(load(mqtt.client().clone()));
        println!("ready");
        Service {
            load,
            mqtt,
            after: (),
        }
    }

    /// Publishes without waiting for confirmations, and prints how many it has sent. A publish is not cut: it may have been sent.
    async fn load(client: AsyncClient) -> Result<(), ClientError> {
        let mut sent = 0_u32;
        while !graceful::is_requested() {
            let payload = sent.to_string();
            client
                .publish("numbers", QoS::AtLeastOnce, false, payload)
                .await?;
            sent += 1;
        }
        println!("sent {sent}");
        Ok(())
    }
}
