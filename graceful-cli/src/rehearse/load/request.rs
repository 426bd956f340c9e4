//! One request, and how it ended.

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Bytes};
use hyper::header::{ACCEPT, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Serialize;
use std::io;
use std::time::Duration;
use tokio::time::timeout;

/// A client that sends a request again only where it knows that it was never sent: what every client does.
pub(in super::super) type Http = Client<HttpConnector, Full<Bytes>>;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in super::super) enum Outcome {
    Answered,
    /// By the program itself: 500 and above.
    Error,
    /// Nobody listened: it was never sent.
    Refused,
    /// The connection was reset.
    Reset,
    /// The connection was closed without an answer.
    Unanswered,
    /// The answer broke off.
    Cut,
    /// There was no answer in time.
    TimedOut,
}

/// What is sent each time.
#[derive(Clone, Debug)]
pub(in super::super) struct Template {
    pub(in super::super) uri: Uri,
    pub(in super::super) body: Option<String>,
    pub(in super::super) headers: Vec<(HeaderName, HeaderValue)>,
}

pub(in super::super) fn client(keeps_connections: bool) -> Http {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new());
    if !keeps_connections {
        builder.pool_max_idle_per_host(0);
    }
    builder.build_http()
}

impl Template {
    fn request(&self) -> Request<Full<Bytes>> {
        let body = self.body.clone();
        let method = if body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = Request::new(Full::from(body.unwrap_or_default()));
        *request.method_mut() = method;
        *request.uri_mut() = self.uri.clone();
        request.headers_mut().extend(
            self.headers
                .iter()
                .cloned()
                .map(|(name, value)| (Some(name), value)),
        );
        request
    }
}

/// Sends a request, and reads the whole answer.
pub(in super::super) async fn send(client: &Http, template: &Template, limit: Duration) -> Outcome {
    let exchange = async {
        match client.request(template.request()).await {
            Ok(response) => read(response).await,
            Err(error) => failed(&error),
        }
    };
    timeout(limit, exchange).await.unwrap_or(Outcome::TimedOut)
}

/// Begins a stream of events: its answer, or why there is none.
pub(in super::super) async fn begin(
    client: &Http,
    uri: &Uri,
) -> Result<Response<hyper::body::Incoming>, Outcome> {
    let template = Template {
        uri: uri.clone(),
        body: None,
        headers: vec![(ACCEPT, HeaderValue::from_static("text/event-stream"))],
    };
    let response = client.request(template.request()).await;
    let response = response.map_err(|error| failed(&error))?;
    if response.status().is_success() {
        Ok(response)
    } else {
        Err(Outcome::Error)
    }
}

async fn read<B: Body>(response: Response<B>) -> Outcome {
    let is_error = response.status().is_server_error();
    match response.into_body().collect().await {
        Err(_) => Outcome::Cut,
        Ok(_) if is_error => Outcome::Error,
        Ok(_) => Outcome::Answered,
    }
}

/// Why there was no answer.
pub(in super::super) fn failed(error: &Error) -> Outcome {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut kind = None;
    while let Some(error) = source {
        kind = kind.or(error.downcast_ref::<io::Error>().map(io::Error::kind));
        source = error.source();
    }
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => Outcome::Refused,
        Some(_) => Outcome::Reset,
        None => Outcome::Unanswered,
    }
}

impl Outcome {
    /// In words, where it is a failure.
    pub(in super::super) fn words(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Error => "answered with an error (5xx)",
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::Unanswered => "closed without an answer",
            Self::Cut => "cut off in the answer",
            Self::TimedOut => "not answered in time",
        }
    }
}
