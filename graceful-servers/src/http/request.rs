//! What is in flight, as far as a report names it.

use axum::http::Method;
use axum::http::uri::{PathAndQuery, Uri};
use std::fmt;
use tokio::time::Instant;

/// Longer paths say no more about what hangs.
const PATH: usize = 80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    /// What follows a `101 Switching Protocols`, or a tunnel, of which nothing more is known.
    Upgraded,
    /// A WebSocket, which a handler of ours has taken over.
    Held,
}

#[derive(Clone)]
pub(crate) struct Request {
    pub(super) kind: Kind,
    method: Method,
    /// Shared with the request's own. A query may hold secrets, so only the path is ever shown.
    path: Option<PathAndQuery>,
    pub(super) began: Instant,
}

impl Request {
    #[inline]
    pub(super) fn new(method: &Method, uri: &Uri) -> Self {
        Self {
            kind: Kind::Request,
            method: method.clone(),
            path: uri.path_and_query().cloned(),
            began: Instant::now(),
        }
    }

    /// The same, as what it has become. That may last for days, so it has a path of its own: the request's is a piece of all that
    /// was read with it, 8 KB in HTTP/1.
    pub(super) fn as_kind(&self, kind: Kind) -> Self {
        let path = self.path.as_ref().map(PathAndQuery::path);
        Self {
            kind,
            method: self.method.clone(),
            path: path.and_then(|path| path.parse().ok()),
            began: self.began,
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Request => write!(f, "{}", self.method)?,
            Kind::Upgraded => f.write_str("upgraded")?,
            Kind::Held => f.write_str("WebSocket")?,
        }
        let path = self.path.as_ref().map_or("", PathAndQuery::path);
        match path.char_indices().nth(PATH) {
            Some((end, _)) => write!(f, " {}…", &path[..end]),
            None if path.is_empty() => Ok(()),
            None => write!(f, " {path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;

    #[test]
    fn what_a_request_has_become_holds_nothing_of_what_was_read_with_it() {
        let read = Bytes::from(b"/chat?token=secret".repeat(100));
        let uri = Uri::from_maybe_shared(read.slice(..18)).expect("a path");
        let request = Request::new(&Method::GET, &uri);
        let upgraded = request.as_kind(Kind::Upgraded);
        drop((request, uri));
        assert!(read.is_unique());
        assert_eq!(upgraded.to_string(), "upgraded /chat");
    }
}
