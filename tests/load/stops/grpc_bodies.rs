//! How answers end that go on at the limit: as what they are, so that no client takes a part for the whole.

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use futures_util::StreamExt as _;
use graceful::grpc::Server;
use graceful::grpc::layer::CallLayer;
use graceful::http;
use graceful::{Embedded, Outcome, Report};
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::{Bytes, Frame};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tonic::service::Routes;
use tower::Layer as _;

const LIMIT: Duration = Duration::from_secs(5);

/// Nothing takes this long.
const LOST: Duration = Duration::from_secs(20);

struct Service {
    life: Embedded,
    at: SocketAddr,
}

/// A line every 20 ms, for twice as long as the server has.
fn lines(content_type: &'static str) -> axum::response::Response {
    let lines = futures_util::stream::iter(0..500).then(|number| async move {
        sleep(Duration::from_millis(20)).await;
        Ok::<_, Infallible>(format!("line {number}\n"))
    });
    let answer = axum::response::Response::builder().header(CONTENT_TYPE, content_type);
    answer.body(Body::from_stream(lines)).expect("an answer")
}

fn routes() -> Router {
    Router::new()
        .route("/download", get(async || lines("text/plain")))
        .route("/grpc", get(async || lines("application/grpc+proto")))
        .route("/web", get(async || lines("application/grpc-web+proto")))
        .route(
            "/web-text",
            get(async || lines("application/grpc-web-text")),
        )
        .route(
            "/late",
            get(async || {
                sleep(LIMIT / 4).await;
                "late"
            }),
        )
}

impl Service {
    async fn start() -> Self {
        let life = Embedded::new();
        let builder = Server::bind("127.0.0.1:0").await.expect("a port is free");
        let builder = builder.http(|http| http.lifecycle(life.handle()));
        let server = builder.serve(Routes::from(routes()));
        let at = server.local_addr().expect("it is TCP");
        life.run(server);
        Self { life, at }
    }

    /// The same of HTTP's server, as it is written where other routes are beside the calls.
    async fn beside_others() -> Self {
        let life = Embedded::new();
        let builder = http::Server::bind("127.0.0.1:0").await;
        let builder = builder.expect("a port is free").lifecycle(life.handle());
        let server = builder.serve(CallLayer::new().layer(routes()));
        let at = server.local_addr().expect("it is TCP");
        life.run(server);
        Self { life, at }
    }

    async fn get(
        &self,
        path: &str,
        http2: bool,
    ) -> hyper::Result<hyper::Response<hyper::body::Incoming>> {
        let io = TokioIo::new(TcpStream::connect(self.at).await.expect("it listens"));
        let request = Request::get(format!("http://a{path}")).header("host", "a");
        // What HTTP alone does not know.
        let request = request
            .header("grpc-timeout", "1m")
            .body(Empty::<Bytes>::new());
        let request = request.expect("a request");
        if http2 {
            let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
            tokio::spawn(connection);
            sender.send_request(request).await
        } else {
            let (mut sender, connection) = http1::handshake(io).await?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
    }

    /// Stops while the answer is on its way: how it ended, and what came of the stop.
    async fn stopped(
        &self,
        path: &str,
        http2: bool,
    ) -> (hyper::Result<Vec<Frame<Bytes>>>, Arc<Report>) {
        let answer = self.get(path, http2).await.expect("it begins");
        let frames = tokio::spawn(async move {
            let mut body = answer.into_body();
            let mut frames = Vec::new();
            while let Some(frame) = body.frame().await {
                frames.push(frame?);
            }
            Ok(frames)
        });
        let report = timeout(LOST, self.life.stop(LIMIT))
            .await
            .expect("it stops");
        (
            timeout(LOST, frames)
                .await
                .expect("it ends")
                .expect("it ends"),
            report,
        )
    }
}

#[tokio::test]
async fn a_download_is_cut_and_named_and_never_looks_complete() {
    for http2 in [false, true] {
        let service = Service::start().await;
        let (frames, report) = service.stopped("/download", http2).await;
        assert!(frames.is_err(), "http2: {http2}: {frames:?}");
        let step = &report.steps[0];
        assert!(matches!(step.outcome, Outcome::TimedOut), "{report}");
        let left = step.progress.as_deref().unwrap_or_default();
        assert!(left.contains("GET /download"), "{left}");
    }
}

#[tokio::test]
async fn a_request_that_is_no_call_has_no_deadline_of_one() {
    let service = Service::start().await;
    let answer = service.get("/late", false).await.expect("an answer");
    let body = answer.into_body().collect().await.expect("a body");
    assert_eq!(body.to_bytes(), "late");
}

#[tokio::test]
async fn a_stream_of_grpc_ends_with_a_status_in_its_trailers() {
    for service in [Service::start().await, Service::beside_others().await] {
        let (frames, report) = service.stopped("/grpc", true).await;
        let frames = frames.expect("it ends");
        let trailers = frames
            .last()
            .and_then(Frame::trailers_ref)
            .expect("trailers");
        assert_eq!(trailers["grpc-status"], "14");
        assert!(report.is_clean(), "{report}");
        let note = report.steps[0].note.as_deref();
        assert_eq!(note, Some("1 stream did not end by itself"));
    }
}

/// What browsers speak, where no trailers are.
#[tokio::test]
async fn a_stream_of_grpc_web_ends_with_a_status_in_its_body() {
    for http2 in [false, true] {
        let service = Service::start().await;
        let (frames, report) = service.stopped("/web", http2).await;
        let frames = frames.expect("it ends");
        let last = frames.last().and_then(Frame::data_ref).expect("data");
        let status = b"grpc-status:14\r\ngrpc-message:the server is shutting down\r\n";
        let head = [
            0x80,
            0,
            0,
            0,
            u8::try_from(status.len()).expect("it is short"),
        ];
        assert!(
            last.ends_with(&[&head, status.as_slice()].concat()),
            "{last:?}"
        );
        assert!(report.is_clean(), "{report}");
    }
}

#[tokio::test]
async fn a_stream_of_grpc_web_text_ends_with_one_in_base64() {
    let service = Service::start().await;
    let (frames, _) = service.stopped("/web-text", false).await;
    let frames = frames.expect("it ends");
    let last = frames.last().and_then(Frame::data_ref).expect("data");
    // `printf '\x80\0\0\0\x3agrpc-status:14\r\ngrpc-message:the server is shutting down\r\n' | base64`
    let expected =
        "gAAAADpncnBjLXN0YXR1czoxNA0KZ3JwYy1tZXNzYWdlOnRoZSBzZXJ2ZXIgaXMgc2h1dHRpbmcgZG93bg0K";
    assert!(last.ends_with(expected.as_bytes()), "{last:?}");
}
