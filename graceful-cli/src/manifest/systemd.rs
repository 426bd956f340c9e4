//! A unit of systemd.

use super::Waits;
use super::service::Service;
use crate::plan::Facts;

pub(super) fn unit(service: &Service, facts: &Facts) -> String {
    let waits = Waits::without_hook(facts);
    let (name, exec) = (&service.name, service.exec());
    let (sum, grace) = (waits.sum(), waits.grace.as_secs());
    let signal = signal(facts);
    format!(
        "[Unit]
Description={name}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart={exec}
Restart=on-failure
# The program alone is told; what it has left behind is killed after it.
KillMode=mixed
KillSignal={signal}
# {sum}.
TimeoutStopSec={grace}s

[Install]
WantedBy=multi-user.target
"
    )
}

/// What the platform sends: what they all do, where the program takes it.
pub(super) fn signal(facts: &Facts) -> &str {
    let takes = |name: &&String| *name == "SIGTERM";
    let first = facts.signals.iter().find(takes).or(facts.signals.first());
    first.map_or("SIGTERM", String::as_str)
}
