//! A Dockerfile. How long the engine waits is no matter of the image: `docker stop -t`, and the others here.

use super::service::{Service, quoted};
use super::waits::Waits;
use crate::plan::Facts;

pub(super) fn dockerfile(service: &Service, facts: &Facts) -> String {
    let waits = Waits::without_hook(facts);
    let Service {
        name,
        port,
        admin_port,
        healthcheck,
        ..
    } = service;
    let exec = service.exec();
    let (quoted_exec, quoted_check) = (quoted(&exec), quoted(healthcheck));
    let signal = facts.stop_signal();
    let (sum, grace) = (waits.sum(), waits.grace.as_secs());
    format!(
        r"FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin {name}

FROM debian:bookworm-slim
COPY --from=build /src/target/release/{name} {exec}
USER 65532:65532
EXPOSE {port} {admin_port}
STOPSIGNAL {signal}
HEALTHCHECK --interval=30s --timeout=10s --start-period=5s --retries=3 CMD [{quoted_exec}, {quoted_check}]
# The form with brackets: a shell in between would be process 1, and would keep the signal.
# Stop it with `docker stop -t {grace}`. {sum}.
ENTRYPOINT [{quoted_exec}]
"
    )
}
