//! The probes, as routes.

use super::answer::{self, Found};
use super::check::Check;
use crate::http::Stopping;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::get;
use futures_util::future::{Either, join_all, select};
use graceful_runtime::Handle;
use graceful_runtime::Phase;
use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;

/// The probes of a service, as a router: [`/livez`, `/readyz` and `/healthz`](Health::router).
#[derive(Debug)]
#[must_use = "the probes are answered by its `router`"]
pub struct Health {
    lifecycle: Option<Handle>,
    checks: Vec<Check>,
    prefix: String,
    live: String,
    ready: String,
    summary: String,
}

/// What the handlers share.
struct Probes {
    lifecycle: Option<Handle>,
    checks: Vec<Arc<Check>>,
}

impl Health {
    /// Probes of the current lifecycle, without a check yet.
    pub fn new() -> Self {
        Self {
            lifecycle: Handle::try_current().ok(),
            checks: Vec::new(),
            prefix: String::new(),
            live: "/livez".to_owned(),
            ready: "/readyz".to_owned(),
            summary: "/healthz".to_owned(),
        }
    }

    /// The lifecycle whose phase decides. Default: the one that is current where this is made; with none or
    /// several the service counts as running.
    pub fn lifecycle(mut self, handle: Handle) -> Self {
        self.lifecycle = Some(handle);
        self
    }

    /// Adds something that the service can't work without.
    ///
    /// # Panics
    ///
    /// If there is a check of that name already: one of the two would stand for both.
    pub fn check(mut self, check: Check) -> Self {
        let name = check.name();
        let is_new = self.checks.iter().all(|other| other.name() != name);
        assert!(
            is_new,
            "there are two checks called `{name}`: name one of them otherwise"
        );
        self.checks.push(check);
        self
    }

    /// What all paths begin with: `/chat`, or `/chat/`, for `/chat/readyz`. Default: nothing.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        let length = self.prefix.trim_end_matches('/').len();
        self.prefix.truncate(length);
        self
    }

    /// Where liveness is asked. Default: `/livez`.
    pub fn live_path(mut self, path: impl Into<String>) -> Self {
        self.live = path.into();
        self
    }

    /// Where readiness is asked. Default: `/readyz`.
    pub fn ready_path(mut self, path: impl Into<String>) -> Self {
        self.ready = path.into();
        self
    }

    /// Where a person asks for everything. Default: `/healthz`.
    pub fn health_path(mut self, path: impl Into<String>) -> Self {
        self.summary = path.into();
        self
    }

    /// The routes, to be merged with others or served by a server of their own:
    ///
    /// - **`/livez`** is 200 for as long as the process can answer: a [liveness probe][probes] that fails while the
    ///   process drains would have it killed.
    /// - **`/readyz`** is 200 while the service runs and every check is well. Before `main` has returned
    ///   its state it is 503, `"starting"`, and from the moment the stop begins 503 with
    ///   `{"status":"shutting_down","message":"Service is shutting down"}`; the checks are not asked then.
    /// - **`/healthz`** is what `/readyz` is, with every check's own status, error and time. Errors may say what
    ///   is nobody's business: keep it on an address that clients don't reach.
    ///
    /// A probe that waits for a check when the stop begins is answered at once.
    ///
    /// [probes]: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
    ///
    /// # Panics
    ///
    /// If a path does not begin with `/`, or two are the same, as [`Router::route`] does.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let probes = Arc::new(Probes {
            lifecycle: self.lifecycle,
            checks: self.checks.into_iter().map(Arc::new).collect(),
        });
        let (ready, health) = (probes.clone(), probes);
        let path = |path: &str| format!("{}{path}", self.prefix);
        Router::new()
            .route(&path(&self.live), get(async || answer::live()))
            .route(
                &path(&self.ready),
                get(async move |server: Server| {
                    let found = match ready.phase(&server) {
                        Phase::Running => ready.ask(&server).await,
                        _ => None,
                    };
                    // Asked again: the stop may have begun meanwhile.
                    answer::ready(ready.phase(&server), &found.unwrap_or_default())
                }),
            )
            .route(
                &path(&self.summary),
                get(async move |server: Server| {
                    let found = health.ask(&server).await;
                    let found = found.unwrap_or_else(|| health.known());
                    answer::health(health.phase(&server), &found)
                }),
            )
    }
}

/// The server that the probe came to, where it is one of ours: it may close though the process goes on.
struct Server(Option<Stopping>);

impl Server {
    fn is_closing(&self) -> bool {
        self.0.as_ref().is_some_and(Stopping::is_stopping)
    }

    /// Resolves when it closes.
    async fn closes(&self) {
        match &self.0 {
            Some(stopping) => stopping.requested().await,
            None => pending().await,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Server {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Stopping::of_server(&parts.extensions)))
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Probes {
    fn phase(&self, server: &Server) -> Phase {
        let handle = self.lifecycle.as_ref();
        let phase = handle.map_or(Phase::Running, Handle::phase);
        if server.is_closing() {
            phase.max(Phase::Draining)
        } else {
            phase
        }
    }

    /// Asks all checks at the same time; `None` where the stop has begun, or begins meanwhile.
    async fn ask(&self, server: &Server) -> Option<Found> {
        if self.phase(server) >= Phase::Draining {
            return None;
        }
        let answers = self.checks.iter().map(|check| async {
            let known = check.answer().await;
            (check.name().to_owned(), known)
        });
        let drains = async {
            match &self.lifecycle {
                Some(handle) => handle.reached(Phase::Draining).await,
                None => pending().await,
            }
        };
        let (drains, closes) = (pin!(drains), pin!(server.closes()));
        match select(join_all(answers), select(drains, closes)).await {
            Either::Left((found, _)) => Some(found),
            Either::Right(_) => None,
        }
    }

    /// What is known without asking.
    fn known(&self) -> Found {
        let known = self.checks.iter().filter_map(|check| {
            let known = check.known()?;
            Some((check.name().to_owned(), known))
        });
        known.collect()
    }
}
