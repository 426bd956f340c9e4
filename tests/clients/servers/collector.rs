//! A collector of OTLP, in the test's own process: it counts what it is sent, or answers nobody.

use opentelemetry_proto::tonic::collector::logs::v1 as logs;
use opentelemetry_proto::tonic::collector::metrics::v1 as metrics;
use opentelemetry_proto::tonic::collector::trace::v1 as trace;
use opentelemetry_proto::tonic::metrics::v1::{metric, number_data_point};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::runtime::Runtime;
use tonic::{Request, Response, Status};

pub(crate) struct Collector {
    received: Arc<Received>,
    port: u16,
    /// It ends with it.
    _runtime: Runtime,
}

/// What has come. Relaxed: numbers, which are read when the program that has sent them is gone.
#[derive(Default)]
struct Received {
    spans: AtomicU64,
    records: AtomicU64,
    /// The sum of the one counter, which comes again and again.
    counted: AtomicU64,
    is_blocked: AtomicBool,
    is_refusing: AtomicBool,
}

#[derive(Clone)]
struct Service(Arc<Received>);

impl Collector {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::<Received>::default();
        let service = Service(received.clone());
        let server = tonic::transport::Server::builder()
            .add_service(trace::trace_service_server::TraceServiceServer::new(
                service.clone(),
            ))
            .add_service(logs::logs_service_server::LogsServiceServer::new(
                service.clone(),
            ))
            .add_service(metrics::metrics_service_server::MetricsServiceServer::new(
                service,
            ));
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let incoming = tonic::transport::server::TcpIncoming::from(listener);
            server.serve_with_incoming(incoming).await
        });
        Self {
            received,
            port,
            _runtime: runtime,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Nobody gets an answer any more.
    pub(crate) fn block(&self) {
        self.received.is_blocked.store(true, Ordering::Relaxed);
    }

    /// Everybody is turned away.
    pub(crate) fn refuse(&self) {
        self.received.is_refusing.store(true, Ordering::Relaxed);
    }

    /// Spans, log records, and the sum of the counter.
    pub(crate) fn received(&self) -> [u64; 3] {
        let Received {
            spans,
            records,
            counted,
            ..
        } = &*self.received;
        [spans, records, counted].map(|number| number.load(Ordering::Relaxed))
    }
}

impl Service {
    async fn answer<A: Default>(&self) -> Result<Response<A>, Status> {
        if self.0.is_blocked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if self.0.is_refusing.load(Ordering::Relaxed) {
            return Err(Status::permission_denied("not you"));
        }
        Ok(Response::new(A::default()))
    }
}

#[tonic::async_trait]
impl trace::trace_service_server::TraceService for Service {
    async fn export(
        &self,
        request: Request<trace::ExportTraceServiceRequest>,
    ) -> Result<Response<trace::ExportTraceServiceResponse>, Status> {
        let answer = self.answer().await?;
        let scopes = request.into_inner().resource_spans;
        let scopes = scopes.into_iter().flat_map(|resource| resource.scope_spans);
        let spans: usize = scopes.map(|scope| scope.spans.len()).sum();
        self.0.spans.fetch_add(spans as u64, Ordering::Relaxed);
        Ok(answer)
    }
}

#[tonic::async_trait]
impl logs::logs_service_server::LogsService for Service {
    async fn export(
        &self,
        request: Request<logs::ExportLogsServiceRequest>,
    ) -> Result<Response<logs::ExportLogsServiceResponse>, Status> {
        let answer = self.answer().await?;
        let scopes = request.into_inner().resource_logs;
        let scopes = scopes.into_iter().flat_map(|resource| resource.scope_logs);
        let records: usize = scopes.map(|scope| scope.log_records.len()).sum();
        self.0.records.fetch_add(records as u64, Ordering::Relaxed);
        Ok(answer)
    }
}

#[tonic::async_trait]
impl metrics::metrics_service_server::MetricsService for Service {
    async fn export(
        &self,
        request: Request<metrics::ExportMetricsServiceRequest>,
    ) -> Result<Response<metrics::ExportMetricsServiceResponse>, Status> {
        let answer = self.answer().await?;
        let resources = request.into_inner().resource_metrics.into_iter();
        let metrics = resources
            .flat_map(|resource| resource.scope_metrics)
            .flat_map(|scope| scope.metrics);
        for metric in metrics {
            if let Some(metric::Data::Sum(sum)) = metric.data {
                for point in sum.data_points {
                    if let Some(number_data_point::Value::AsInt(value)) = point.value {
                        let value = value.try_into().unwrap();
                        self.0.counted.fetch_max(value, Ordering::Relaxed);
                    }
                }
            }
        }
        Ok(answer)
    }
}
