//! The standard health service, which knows of the stop before anybody else.

use crate::http::Stopping;
use futures_util::Stream;
use futures_util::future::select;
use graceful_runtime::Handle;
use graceful_runtime::Phase;
use std::collections::HashMap;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::server::NamedService;
use tonic::{Request, Response, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health as Service, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

/// The [health service of gRPC][protocol] (`grpc.health.v1.Health`): `SERVING` while the service runs, `NOT_SERVING` while it
/// starts and from the first moment of its stop.
///
/// The name `""` is about the process, which is what Kubernetes' gRPC probes ask for; services that have a
/// health of their own are named, and are never healthier than the process. Who watches is told of each
/// change, of `NOT_SERVING` too, and then a watch ends with the server: it does not hold up the drain.
///
/// ```
/// use graceful::grpc::Health;
///
/// let health = Health::new().with("shop.Orders");
/// health.set_serving("shop.Orders", false); // its database is away
/// ```
///
/// [protocol]: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
#[derive(Clone)]
pub struct Health {
    /// Without one the process is taken for running.
    lifecycle: Option<Handle>,
    services: Arc<watch::Sender<HashMap<String, bool>>>,
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Health {
    /// Of the current lifecycle; where there is none, or several, of a process that always runs.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lifecycle: Handle::try_current().ok(),
            services: Arc::default(),
        }
    }

    /// The lifecycle whose phase decides. Default: the one that is current where this is made; with none or
    /// several the process counts as running.
    #[must_use]
    pub fn lifecycle(mut self, handle: Handle) -> Self {
        self.lifecycle = Some(handle);
        self
    }

    /// Names a service by its type, as tonic generates it: `with_service::<GreeterServer<Greeter>>()`.
    #[must_use]
    pub fn with_service<S: NamedService>(self) -> Self {
        self.with(S::NAME)
    }

    /// Names a service, which is serving until it is [said](Health::set_serving) not to be.
    #[must_use]
    pub fn with(self, service: impl Into<String>) -> Self {
        self.set_serving(service, true);
        self
    }

    /// Says whether a service is serving, from now on.
    pub fn set_serving(&self, service: impl Into<String>, serving: bool) {
        let service = service.into();
        self.services.send_modify(|services| {
            services.insert(service, serving);
        });
    }

    /// The same for a service that is named by its type.
    pub fn set_service_serving<S: NamedService>(&self, serving: bool) {
        self.set_serving(S::NAME, serving);
    }

    /// What is added to the routes.
    #[must_use]
    pub fn service(&self) -> HealthServer<impl Service + use<>> {
        HealthServer::new(Answers(self.clone()))
    }

    /// `None` for a service that nobody has named.
    fn status(&self, service: &str) -> Option<ServingStatus> {
        let running = self
            .lifecycle
            .as_ref()
            .is_none_or(|life| life.phase() == Phase::Running);
        let serving = if service.is_empty() {
            true
        } else {
            *self.services.borrow().get(service)?
        };
        Some(if running && serving {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        })
    }

    /// Resolves when something may have changed that had not when `seen` was taken.
    async fn changed(
        &self,
        services: &mut watch::Receiver<HashMap<String, bool>>,
        seen: Phase,
        stopping: &Stopping,
    ) {
        // It serves in one phase: the end of that is the last change.
        let next = match seen {
            Phase::Starting => Some(Phase::Running),
            Phase::Running => Some(Phase::Draining),
            _ => None,
        };
        let phase = async {
            match (&self.lifecycle, next) {
                (Some(life), Some(next)) => life.reached(next).await,
                _ => std::future::pending().await,
            }
        };
        // The sender is ours, so it can't be closed.
        let services = async { drop(services.changed().await) };
        let (phase, services) = (pin!(phase), pin!(services));
        let closes = pin!(stopping.requested());
        select(select(phase, closes), services).await;
    }

    fn phase(&self) -> Phase {
        self.lifecycle
            .as_ref()
            .map_or(Phase::Running, Handle::phase)
    }

    /// The status of a service, and each that follows. The last one is told before the end, also where both come at the
    /// same moment.
    fn statuses(self, service: String, stopping: Stopping) -> impl Stream<Item = Answer> + Send {
        let watch = Watch {
            services: self.services.subscribe(),
            health: self,
            last: None,
        };
        futures_util::stream::unfold(watch, move |mut watch| {
            let (service, stopping) = (service.clone(), stopping.clone());
            async move {
                let status = watch.next(&service, &stopping).await?;
                Some((Ok(HealthCheckResponse { status }), watch))
            }
        })
    }
}

struct Watch {
    health: Health,
    services: watch::Receiver<HashMap<String, bool>>,
    /// What the client knows.
    last: Option<i32>,
}

impl Watch {
    async fn next(&mut self, service: &str, stopping: &Stopping) -> Option<i32> {
        loop {
            self.services.mark_unchanged();
            let (phase, ends) = (self.health.phase(), stopping.is_stopping());
            let status = match self.health.status(service) {
                None => UNKNOWN,
                // Where the server closes though nothing else stops.
                Some(_) if ends => ServingStatus::NotServing as i32,
                Some(status) => status as i32,
            };
            if self.last != Some(status) {
                self.last = Some(status);
                return Some(status);
            }
            if ends {
                return None;
            }
            let services = &mut self.services;
            self.health.changed(services, phase, stopping).await;
        }
    }
}

/// `SERVICE_UNKNOWN` of the protocol, for watches alone.
const UNKNOWN: i32 = 3;

type Answer = Result<HealthCheckResponse, Status>;

struct Answers(Health);

#[tonic::async_trait]
impl Service for Answers {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let status = self.0.status(&request.get_ref().service);
        let status = status.ok_or_else(|| Status::not_found("no such service"))?;
        let status = status as i32;
        Ok(Response::new(HealthCheckResponse { status }))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Answer> + Send>>;

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let stopping = super::stopping(&request);
        let service = request.into_inner().service;
        let statuses = self.0.clone().statuses(service, stopping);
        Ok(Response::new(Box::pin(statuses)))
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("services", &*self.services.borrow())
            .finish_non_exhaustive()
    }
}
