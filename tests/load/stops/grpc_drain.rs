//! What a call sees of a stop, case by case.

use graceful::grpc::{Health, Server, stopping};
use graceful::{Embedded, Outcome, Report};
use graceful_load::Replica;
use graceful_load::echo::{Echo, say, watch, words};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const SERVING: i32 = 1;
const NOT_SERVING: i32 = 2;

/// Nothing takes this long.
const LOST: Duration = Duration::from_secs(20);

struct Service {
    life: Embedded,
    endpoint: Endpoint,
    channel: Channel,
}

impl Service {
    async fn start(echo: Echo) -> Self {
        let life = Embedded::new();
        let routes = Routes::new(echo);
        let builder = Server::bind("127.0.0.1:0").await.expect("a port is free");
        let builder = builder.http(|http| http.lifecycle(life.handle()));
        let server = builder.serve(routes);
        let at = server.local_addr().expect("it is TCP");
        life.run(server);
        let endpoint = Endpoint::from_shared(format!("http://{at}")).expect("an address");
        let channel = endpoint.connect().await.expect("it listens");
        Self {
            life,
            endpoint,
            channel,
        }
    }

    async fn stop(&self, within: Duration) -> Arc<Report> {
        let stopped = timeout(LOST, self.life.stop(within)).await;
        stopped.expect("it stops")
    }
}

fn echo() -> Echo {
    Echo::new(|_| words())
}

#[tokio::test]
async fn a_call_that_has_begun_is_answered() {
    let service = Service::start(echo().answering_after(Duration::from_secs(2))).await;
    let channel = service.channel.clone();
    let call = tokio::spawn(async move { say(&channel, "hello").await });
    sleep(Duration::from_millis(500)).await;
    let report = service.stop(Duration::from_secs(15)).await;
    assert_eq!(call.await.unwrap().unwrap(), "hello");
    assert!(report.is_clean(), "{report}");
    // What the old connection's client makes of a call that comes now is its own matter.
    let late = say(&service.endpoint.connect_lazy(), "hello")
        .await
        .unwrap_err();
    assert_eq!(late.code(), Code::Unavailable);
}

/// It has always something to say, so nothing but the client holds it up.
#[tokio::test]
async fn a_stream_that_never_pauses_is_ended_with_unavailable() {
    let echo = Echo::new(|_| Box::pin(futures_util::stream::repeat(Ok("on".repeat(1 << 14)))));
    let service = Service::start(echo).await;
    let mut stream = watch(&service.channel).await.unwrap();
    let listening = tokio::spawn(async move {
        loop {
            if let Err(status) = stream.message().await {
                return status;
            }
        }
    });
    let report = service.stop(Duration::from_secs(8)).await;
    let end = timeout(LOST, listening).await.unwrap().unwrap();
    assert_eq!(end.message(), "the server is shutting down", "{report}");
    assert_eq!(end.code(), Code::Unavailable);
    assert!(report.is_clean(), "{report}");
}

#[tokio::test]
async fn a_stream_that_listens_ends_well_at_once() {
    let echo = Echo::new(|request| Box::pin(stopping(request).until(words())));
    let service = Service::start(echo).await;
    let mut stream = watch(&service.channel).await.unwrap();
    assert!(stream.message().await.unwrap().is_some());
    let listening = tokio::spawn(async move {
        while let Some(word) = stream.message().await? {
            assert_eq!(word, "still here");
        }
        Ok::<_, tonic::Status>(())
    });
    let report = service.stop(Duration::from_secs(10)).await;
    listening.await.unwrap().unwrap();
    assert!(report.is_clean(), "{report}");
    assert!(report.total < Duration::from_secs(9), "{report}");
}

#[tokio::test]
async fn a_stream_that_does_not_is_told_to_try_elsewhere_before_the_limit() {
    let service = Service::start(echo()).await;
    let mut stream = watch(&service.channel).await.unwrap();
    let ended = tokio::spawn(async move {
        loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended as if it were complete"),
                Err(status) => return status,
            }
        }
    });
    let report = service.stop(Duration::from_secs(8)).await;
    let status = timeout(LOST, ended).await.unwrap().unwrap();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
    assert_eq!(status.message(), "the server is shutting down");
    assert!(report.is_clean(), "{report}");
    let note = report.steps[0].note.as_deref();
    assert_eq!(note, Some("1 stream did not end by itself"));
}

/// However short its limit is: the streams that are open then are told first.
async fn all_are_told(streams: usize, limit: Duration) {
    let service = Service::start(echo()).await;
    let mut listening = Vec::new();
    let mut channel = service.channel.clone();
    for number in 0..streams {
        // A connection has its limit.
        if number % 50 == 0 {
            channel = service.endpoint.connect().await.expect("it listens");
        }
        let mut stream = watch(&channel).await.unwrap();
        listening.push(tokio::spawn(async move {
            loop {
                match stream.message().await {
                    Ok(Some(_)) => {}
                    Ok(None) => return "it ended as if it were complete".to_owned(),
                    Err(status) => return status.message().to_owned(),
                }
            }
        }));
    }
    service.stop(limit).await;
    for stream in listening {
        let end = timeout(LOST, stream).await.expect("it ends").unwrap();
        assert_eq!(end, "the server is shutting down");
    }
}

/// What a tenth of the time has no room for: the more they are, the earlier they are told.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_streams_are_told() {
    all_are_told(1000, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "its limit is for a quiet machine and `--release`"]
async fn a_thousand_streams_are_told_at_a_short_limit() {
    all_are_told(100, Duration::from_millis(60)).await;
    all_are_told(1000, Duration::from_millis(60)).await;
    all_are_told(1000, Duration::from_secs(3)).await;
}

#[tokio::test]
async fn a_call_that_hangs_is_cut_at_the_limit_and_named() {
    let service = Service::start(echo().answering_after(Duration::from_secs(1000))).await;
    let channel = service.channel.clone();
    let call = tokio::spawn(async move { say(&channel, "hello").await });
    sleep(Duration::from_millis(500)).await;
    let report = service.stop(Duration::from_secs(2)).await;
    call.await.unwrap().unwrap_err();
    assert!(
        matches!(report.steps[0].outcome, Outcome::TimedOut),
        "{report}"
    );
    let progress = report.steps[0].progress.as_deref().unwrap_or_default();
    assert!(progress.contains("POST /load.Echo/Say"), "{progress}");
}

#[tokio::test]
async fn a_handler_sees_who_calls() {
    let echo = Echo::new(|request| {
        let caller = request.remote_addr().map(|at| at.ip().to_string());
        let caller = caller.ok_or_else(|| tonic::Status::internal("nobody"));
        Box::pin(futures_util::stream::iter([caller]))
    });
    let service = Service::start(echo).await;
    let mut stream = watch(&service.channel).await.unwrap();
    assert_eq!(
        stream.message().await.unwrap().as_deref(),
        Some("127.0.0.1")
    );
}

#[tokio::test]
async fn a_clients_deadline_is_kept_and_seen() {
    let service = Service::start(echo().answering_after(Duration::from_secs(1000))).await;
    let mut request = Request::new("hello".to_owned());
    request.set_timeout(Duration::from_millis(200));
    let status = graceful_load::echo::call(&service.channel, request)
        .await
        .unwrap_err();
    // The client has a timer of its own, whose word is `Cancelled`.
    assert!(
        matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled),
        "{status}"
    );
    assert!(
        service.stop(LOST).await.is_clean(),
        "it is not in flight any more"
    );
}

/// Also where the end comes at the same moment: there is no delay.
#[tokio::test]
async fn a_watch_sees_not_serving_before_its_end() {
    for _ in 0..20 {
        let life = Embedded::new();
        let health = Health::new()
            .lifecycle(life.handle())
            .with_service::<Echo>();
        let routes = Routes::new(health.service());
        let builder = Server::bind("127.0.0.1:0").await.expect("a port is free");
        let builder = builder.http(|http| http.lifecycle(life.handle()));
        let server = builder.serve(routes);
        let at = server.local_addr().expect("it is TCP");
        life.run(server);
        let endpoint = Endpoint::from_shared(format!("http://{at}")).expect("an address");
        let mut client = HealthClient::new(endpoint.connect().await.expect("it listens"));
        let mut watches = Vec::new();
        for service in ["", "load.Echo"] {
            let asked = HealthCheckRequest {
                service: service.to_owned(),
            };
            let mut watch = client.watch(asked).await.expect("it is named").into_inner();
            let first = watch.message().await.expect("a status").expect("a status");
            assert_eq!(first.status, SERVING);
            watches.push(watch);
        }
        let stop = tokio::spawn(async move { life.stop(LOST).await });
        for mut watch in watches {
            let last = watch.message().await.expect("a status").expect("a status");
            assert_eq!(last.status, NOT_SERVING);
            assert!(watch.message().await.expect("no error").is_none());
        }
        assert!(stop.await.expect("it stops").is_clean());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_not_serving_from_the_first_moment_and_its_watches_end() {
    let server = env!("CARGO_BIN_EXE_graceful-grpc");
    let server = Replica::start(server, 0, &[("GRACEFUL_DELAY", "5s")]).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address)).unwrap();
    let channel = endpoint.connect().await.unwrap();
    let mut health = HealthClient::new(channel);
    let process = HealthCheckRequest::default;
    while health.check(process()).await.unwrap().into_inner().status != SERVING {
        sleep(Duration::from_millis(5)).await;
    }
    let unknown = HealthCheckRequest {
        service: "no.Such".to_owned(),
    };
    let status = health.check(unknown).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);

    let mut statuses = health.watch(process()).await.unwrap().into_inner();
    assert_eq!(statuses.message().await.unwrap().unwrap().status, SERVING);
    server.terminate();
    let told = timeout(Duration::from_secs(3), statuses.message()).await;
    let told = told.expect("while the delay passes").unwrap().unwrap();
    assert_eq!(told.status, NOT_SERVING);
    // It still serves, over new connections too.
    let mut health = HealthClient::new(endpoint.connect().await.unwrap());
    let status = health.check(process()).await.unwrap().into_inner().status;
    assert_eq!(status, NOT_SERVING);
    assert!(
        statuses.message().await.unwrap().is_none(),
        "the watch ends"
    );
    assert!(server.ended().await.success());
}
