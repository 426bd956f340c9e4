//! How handlers find the TLS that their request came over.

use super::stopping::Stopping;
use super::tls_info::TlsInfo;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, StatusCode};
use std::convert::Infallible;

impl TlsInfo {
    /// That of a request with these extensions, whose answer is being made in this task; `None` where it came without TLS, or
    /// to another server. In another task it is found where [`Stopping`] is among the extensions, as
    /// [`Stopping::current`] tells, and as it is in those of each gRPC call.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        Stopping::of_server(extensions)?.tls()
    }
}

impl<S: Sync> FromRequestParts<S> for TlsInfo {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let none =
            "the request came without TLS, or to another server than `graceful::http::Server`";
        Self::of(&parts.extensions).ok_or((StatusCode::INTERNAL_SERVER_ERROR, none))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for TlsInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}
