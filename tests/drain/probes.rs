//! The probes: what they answer in each phase.

use crate::harness::{Client, LONG};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use graceful::health::{Check, Health};
use graceful::http::Server;
use graceful::{Context, Embedded, Phase, Shutdown};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

async fn ask_for_text(routes: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = TowerToHyperService::new(routes.clone()).call(request).await;
    let (head, body) = answer.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, String::from_utf8(body.to_vec()).unwrap())
}

async fn ask(routes: &Router, path: &str) -> (StatusCode, Value) {
    let (status, body) = ask_for_text(routes, path).await;
    (status, serde_json::from_str(&body).unwrap())
}

const WELL: Result<(), Infallible> = Ok(());

/// A state whose close waits for the test.
struct Waits(oneshot::Receiver<()>);

impl Shutdown for Waits {
    async fn shutdown(self, _: Context) -> graceful::Result {
        Ok(self.0.await?)
    }
}

/// Others live in this process, so each test's probes are told whose they are.
fn running() -> (Embedded, Health) {
    let life = Embedded::new();
    life.run(Vec::<Waits>::new());
    let health = Health::new().lifecycle(life.handle());
    (life, health)
}

#[tokio::test]
async fn ready_while_it_runs_and_alive_to_the_end() {
    let life = Embedded::new();
    let routes: Router = Health::new().lifecycle(life.handle()).router();
    let (status, body) = ask(&routes, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["status"], "starting");

    let (go_on, waits) = oneshot::channel();
    life.run(Waits(waits));
    assert_eq!(
        ask(&routes, "/readyz").await,
        (StatusCode::OK, json!({ "status": "ready" }))
    );

    let handle = life.handle();
    let stop = tokio::spawn(async move { life.stop(Duration::from_secs(30)).await });
    while handle.phase() < Phase::Closing {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Word for word: who does not parse it compares it.
    let (status, body) = ask_for_text(&routes, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        body,
        r#"{"status":"shutting_down","message":"Service is shutting down"}"#
    );
    assert_eq!(
        ask(&routes, "/livez").await,
        (StatusCode::OK, json!({ "status": "alive" }))
    );
    let (status, body) = ask(&routes, "/healthz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&body["status"], &body["phase"]),
        (&json!("shutting_down"), &json!("closing"))
    );

    go_on.send(()).unwrap();
    assert!(stop.await.unwrap().is_clean());
    assert_eq!(ask(&routes, "/livez").await.0, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_well_is_not_ready_and_named() {
    let is_well = Arc::new(AtomicBool::new(false));
    let well = is_well.clone();
    let (_life, health) = running();
    let routes: Router = health
        .check(Check::new("db", move || {
            let well = well.load(Ordering::Relaxed);
            async move { if well { Ok(()) } else { Err("no route to db") } }
        }))
        .check(Check::new("broker", async || WELL).max_age(Duration::ZERO))
        .check(
            Check::new("search", pending::<Result<(), Infallible>>)
                .timeout(Duration::from_millis(300)),
        )
        .check(Check::new("cache", async || -> Result<(), Infallible> {
            panic!("out of luck")
        }))
        .router();
    let (status, body) = ask(&routes, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        body,
        json!({ "status": "failing", "failing": ["db", "search", "cache"] })
    );

    is_well.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (_, body) = ask(&routes, "/healthz").await;
    let errors =
        ["db", "broker", "search", "cache"].map(|name| body["checks"][name]["error"].clone());
    let panicked = json!("panicked: out of luck");
    assert_eq!(
        errors,
        [
            json!(null),
            json!(null),
            json!("no answer within 300ms"),
            panicked
        ]
    );
    assert_eq!(body["checks"]["search"]["took_ms"], 300);
    assert_eq!(
        (&body["status"], &body["phase"]),
        (&json!("failing"), &json!("running"))
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_given_again_while_it_is_young_and_asked_for_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = asked.clone();
    let check = Check::new("db", move || {
        counts.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            WELL
        }
    });
    let (_life, health) = running();
    let routes: Router = health.check(check.max_age(Duration::from_secs(5))).router();
    let (first, second) = tokio::join!(ask(&routes, "/readyz"), ask(&routes, "/readyz"));
    assert_eq!((first.0, second.0), (StatusCode::OK, StatusCode::OK));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    tokio::time::sleep(Duration::from_secs(6)).await;
    ask(&routes, "/readyz").await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_answer_too_and_not_provoked_again_by_every_probe() {
    #[derive(Debug)]
    struct Unspeakable;
    impl fmt::Display for Unspeakable {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("out of luck")
        }
    }
    impl Error for Unspeakable {}

    for only_its_error_panics in [false, true] {
        let asked = Arc::new(AtomicUsize::new(0));
        let counts = asked.clone();
        let check = Check::new("cache", move || {
            counts.fetch_add(1, Ordering::Relaxed);
            async move {
                assert!(only_its_error_panics, "out of luck");
                Err::<(), _>(Unspeakable)
            }
        });
        let (_life, health) = running();
        let routes: Router = health.check(check).router();
        for _ in 0..3 {
            let (status, _) = ask(&routes, "/readyz").await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}

/// What a check that hangs, a probe that is impatient and a stop have to do with each other.
#[tokio::test(start_paused = true)]
async fn a_check_goes_on_without_the_probe_that_has_begun_it() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = asked.clone();
    let check = Check::new("db", move || {
        counts.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(Duration::from_millis(800)).await;
            Err::<(), _>("no route to db")
        }
    });
    let (_life, health) = running();
    let routes: Router = health.check(check.max_age(Duration::from_secs(5))).router();
    let impatient = tokio::time::timeout(Duration::from_millis(500), ask(&routes, "/readyz"));
    assert!(impatient.await.is_err());
    let began = tokio::time::Instant::now();
    let (status, _) = ask(&routes, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    // The rest of the check's own time, and no more.
    assert!(began.elapsed() < Duration::from_millis(400));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(
        ask(&routes, "/healthz").await.1["checks"]["db"]["error"],
        "no route to db"
    );
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_check_that_hangs_when_the_stop_begins_does_not_hold_it_up() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = asked.clone();
    let check = Check::new("db", move || {
        counts.fetch_add(1, Ordering::Relaxed);
        pending::<Result<(), Infallible>>()
    });
    let life = Embedded::new();
    let health = Health::new().lifecycle(life.handle());
    let routes = health.check(check.timeout(2 * LONG)).router();
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let server = server.lifecycle(life.handle()).serve(routes);
    let address = server.local_addr().unwrap();
    life.run(server.clone());
    let mut clients = Vec::new();
    for path in ["/readyz", "/healthz"] {
        let mut client = Client(TcpStream::connect(address).await.unwrap());
        client
            .send(&format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"))
            .await;
        clients.push(client);
    }
    while server.in_flight() < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let report = life.stop(LONG).await;
    assert!(report.is_clean(), "{report}");
    for mut client in clients {
        let answer = client.rest().await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("shutting_down"), "{answer}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
#[should_panic = "there are two checks called `db`"]
fn two_checks_of_one_name_are_refused() {
    let check = || Check::new("db", async || WELL);
    drop(Health::new().check(check()).check(check()));
}

#[tokio::test]
async fn a_prefix_may_end_with_a_slash() {
    let (_life, health) = running();
    let routes: Router = health.prefix("/chat/").router();
    assert_eq!(ask(&routes, "/chat/livez").await.0, StatusCode::OK);
}

#[tokio::test]
async fn paths_can_be_set() {
    let (_life, health) = running();
    let routes: Router = health
        .prefix("/chat")
        .live_path("/health/live")
        .ready_path("/health/ready")
        .health_path("/health")
        .router();
    for path in ["/chat/health/live", "/chat/health/ready", "/chat/health"] {
        assert_eq!(ask(&routes, path).await.0, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_program_that_asks_itself_is_told_what_its_probe_answers() {
    let (_life, health) = running();
    let fails = Check::new("db", async || Err::<(), _>("no route to db"));
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let server = server.serve(health.check(fails).router());
    let address = server.local_addr().unwrap();
    graceful::health::ask(address, "/livez").await.unwrap();
    let error = graceful::health::ask(address, "/readyz").await.unwrap_err();
    assert_eq!(error.to_string(), "/readyz is 503 Service Unavailable");

    // Nobody listens there.
    let address = SocketAddr::from(([127, 0, 0, 1], 1));
    let error = graceful::health::ask(address, "/readyz").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}
