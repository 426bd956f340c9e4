//! A client that says how far each of its orders got.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, header};
use hyper_util::client::legacy::{Client as Http, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;

/// One customer: its requests go over connections that nobody else uses.
pub(crate) struct Client {
    http: Http<HttpConnector, Full<Bytes>>,
    orders: String,
}

/// How far an order got.
#[derive(Debug)]
pub(crate) enum Answer {
    /// 201: the service has promised it.
    Created(i64),
    /// Any other status.
    Other(StatusCode),
    /// Nobody listens: it was never sent.
    Refused,
    /// The connection ended on it; the service may have seen it, or not.
    Cut(String),
}

#[derive(Deserialize)]
struct Created {
    id: i64,
}

impl Client {
    /// Asks for the next thing on the connection that it has.
    pub(crate) fn new(service: SocketAddr) -> Self {
        Self::that_keeps(1, service)
    }

    /// Opens a connection for each request.
    pub(crate) fn hasty(service: SocketAddr) -> Self {
        Self::that_keeps(0, service)
    }

    fn that_keeps(connections: usize, service: SocketAddr) -> Self {
        let http = Http::builder(TokioExecutor::new())
            .pool_max_idle_per_host(connections)
            // A second try would hide that the first one was cut.
            .retry_canceled_requests(false)
            .build_http();
        let orders = format!("http://{service}/orders");
        Self { http, orders }
    }

    pub(crate) async fn order(&self, item: &str) -> Answer {
        let request = Request::post(&self.orders)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(json!({ "item": item }).to_string()))
            .unwrap();
        let response = match self.http.request(request).await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Answer::Refused,
            Err(error) => return Answer::Cut(format!("{error:?}")),
        };
        if response.status() != StatusCode::CREATED {
            return Answer::Other(response.status());
        }
        match response.into_body().collect().await {
            Ok(body) => {
                let Created { id } = serde_json::from_slice(&body.to_bytes()).unwrap();
                Answer::Created(id)
            }
            Err(error) => Answer::Cut(format!("{error:?}")),
        }
    }
}
