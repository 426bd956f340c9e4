//! A gRPC server on a Unix socket: a call of a client on the same machine.

use graceful::Embedded;
use graceful::grpc::Server;
use graceful_load::echo::{Echo, say, words};
use std::time::Duration;
use tokio::time::timeout;
use tonic::Code;
use tonic::service::Routes;
use tonic::transport::Endpoint;

/// Nothing takes this long.
const LOST: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_call_over_a_unix_socket_is_answered_and_the_file_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("grpc.sock");
    let life = Embedded::new();
    let builder = Server::bind_unix(&path).await.expect("it is free");
    let builder = builder.http(|http| http.lifecycle(life.handle()));
    let echo = Echo::new(|_| words()).answering_after(Duration::from_secs(2));
    let server = builder.serve(Routes::new(echo));
    life.run(server.clone());
    assert!(server.local_addr().is_err(), "it has no such address");

    let endpoint = Endpoint::from_shared(format!("unix:{}", path.display())).expect("an address");
    let channel = endpoint.connect().await.expect("it listens");
    let calling = channel.clone();
    let call = tokio::spawn(async move { say(&calling, "hello").await });
    timeout(LOST, async {
        while server.in_flight() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the call arrives");

    let report = timeout(LOST, life.stop(Duration::from_secs(15))).await;
    let report = report.expect("it stops");
    assert_eq!(call.await.unwrap().unwrap(), "hello");
    assert!(report.is_clean(), "{report}");
    assert!(!path.exists());
    // What the old connection's client makes of a call that comes now is its own matter.
    let late = say(&endpoint.connect_lazy(), "hello").await.unwrap_err();
    assert_eq!(late.code(), Code::Unavailable);
}
