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

    /// The same, as what it has become.
    pub(super) fn as_kind(&self, kind: Kind) -> Self {
        Self {
            kind,
            ..self.clone()
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
