//! How long a call has: what its client gives it, and what the server's stop leaves.

use crate::http::Stopping;
use axum::http::HeaderMap;
use std::time::Duration;
use tokio::time::Instant;

/// gRPC over HTTP/2, "Requests": at most eight digits and a unit.
const DIGITS: usize = 8;

/// When a call is over for its client, who gave up then. An extension of the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct GivenUp(pub(super) Instant);

/// How long a call still has: until the deadline that its client has set (`grpc-timeout`) or, while the
/// server stops, until the limit of that; the sooner of the two. `None` where there is neither.
///
/// For a handler that gives its own calls no longer than that, or does only what fits.
///
/// ```
/// use tonic::{Request, Response, Status};
///
/// async fn export(request: Request<String>) -> Result<Response<String>, Status> {
///     let remaining = graceful::grpc::remaining(&request);
///     if remaining.is_some_and(|left| left.as_secs() < 2) {
///         return Err(Status::unavailable("no time for an export"));
///     }
///     Ok(Response::new("everything".to_owned()))
/// }
/// ```
#[must_use]
pub fn remaining<T>(request: &tonic::Request<T>) -> Option<Duration> {
    let given_up = request.extensions().get::<GivenUp>();
    let by_client = given_up.map(|at| at.0.saturating_duration_since(Instant::now()));
    let by_server = stopping(request).remaining();
    by_client.into_iter().chain(by_server).min()
}

/// Whether the server is closing: for streams, which have to end then.
///
/// ```
/// use graceful::http::Until;
/// use tonic::{Request, Response, Status};
/// # use futures_util::Stream;
/// # type Prices = std::pin::Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;
/// # fn prices() -> Prices { todo!() }
///
/// async fn watch(request: Request<String>) -> Result<Response<Until<Prices>>, Status> {
///     let stopping = graceful::grpc::stopping(&request);
///     Ok(Response::new(stopping.until(prices()))) // ends with OK; clients watch on elsewhere
/// }
/// ```
#[must_use]
pub fn stopping<T>(request: &tonic::Request<T>) -> Stopping {
    Stopping::of_request(request.extensions())
}

/// What `grpc-timeout` says; `None` where it says nothing that the protocol knows.
pub(super) fn of_client(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let plain = digits.len() <= DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
    let number: u64 = plain.then(|| digits.parse().ok()).flatten()?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn what_remains_is_what_the_client_gives() {
        let mut request = tonic::Request::new(());
        assert_eq!(remaining(&request), None);
        let hour = Duration::from_secs(3600);
        request
            .extensions_mut()
            .insert(GivenUp(Instant::now() + hour));
        let left = remaining(&request).expect("a deadline");
        assert!(left <= hour && left > hour / 2, "{left:?}");
    }

    #[test]
    fn a_timeout_is_read_as_the_protocol_says() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", HeaderValue::from_static(text));
            of_client(&headers)
        };
        assert_eq!(read("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(read("3M"), Some(Duration::from_secs(180)));
        assert_eq!(read("42S"), Some(Duration::from_secs(42)));
        assert_eq!(read("13m"), Some(Duration::from_millis(13)));
        assert_eq!(read("2u"), Some(Duration::from_micros(2)));
        assert_eq!(read("99999999n"), Some(Duration::from_nanos(99_999_999)));
        for bad in [
            "",
            "S",
            "1",
            "1s",
            "+1S",
            "-1S",
            "1.5S",
            "123456789S",
            "1 S",
        ] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert_eq!(of_client(&HeaderMap::new()), None);
    }
}
