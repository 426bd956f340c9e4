//! A unit of systemd.

use super::service::Service;
use super::waits::Waits;
use crate::plan::Facts;

pub(super) fn unit(service: &Service, facts: &Facts) -> String {
    let waits = Waits::without_hook(facts);
    let (name, exec) = (&service.name, service.exec());
    let (sum, grace) = (waits.sum(), waits.grace.as_secs());
    let signal = facts.stop_signal();
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
