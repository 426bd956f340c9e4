//! The probes, as routes.

use super::answer::{self, Found};
use super::check::Check;
use axum::Router;
use axum::routing::get;
use futures_util::future::join_all;
use graceful_runtime::Handle;
use graceful_runtime::Phase;
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
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// What all paths begin with: `/chat` for `/chat/readyz`. Default: nothing.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
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
    /// - **`/livez`** is 200 for as long as the process can answer: a liveness probe that fails while the
    ///   process drains would have it killed.
    /// - **`/readyz`** is 200 while the service runs and every check is well. Before `main` has returned
    ///   its state it is 503, `"starting"`, and from the moment the stop begins 503 with
    ///   `{"status":"shutting_down","message":"Service is shutting down"}`; the checks are not asked then.
    /// - **`/healthz`** is what `/readyz` is, with every check's own status, error and time. Errors may say what
    ///   is nobody's business: keep it on an address that clients don't reach.
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
                get(async move || {
                    let found = match ready.phase() {
                        Phase::Running => ready.ask().await,
                        _ => Found::new(),
                    };
                    // Asked again: the stop may have begun meanwhile.
                    answer::ready(ready.phase(), &found)
                }),
            )
            .route(
                &path(&self.summary),
                get(async move || {
                    let found = health.ask().await;
                    answer::health(health.phase(), &found)
                }),
            )
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Probes {
    fn phase(&self) -> Phase {
        let handle = self.lifecycle.as_ref();
        handle.map_or(Phase::Running, Handle::phase)
    }

    /// Asks all checks at the same time.
    async fn ask(&self) -> Found {
        let answers = self.checks.iter().map(|check| async {
            let known = check.answer().await;
            (check.name().to_owned(), known)
        });
        join_all(answers).await
    }
}
