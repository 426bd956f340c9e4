//! A service of a Compose file.

use super::service::{Service, quoted};
use super::waits::Waits;
use crate::plan::Facts;

pub(super) fn manifest(service: &Service, facts: &Facts) -> String {
    let waits = Waits::without_hook(facts);
    let (name, port) = (&service.name, service.port);
    let image = service.image();
    let (sum, grace) = (waits.sum(), waits.grace.as_secs());
    let test = [service.exec(), service.healthcheck.clone()].map(|word| quoted(&word));
    let test = test.join(", ");
    let signal = facts.stop_signal();
    format!(
        r#"services:
  {name}:
    image: {image}
    ports:
      - "{port}:{port}"
    restart: unless-stopped
    stop_signal: {signal}
    # {sum}.
    stop_grace_period: {grace}s
    healthcheck:
      test: ["CMD", {test}]
      interval: 30s
      timeout: 10s
      start_period: 40s
      retries: 3
"#
    )
}
