//! What systemd gives the unit that this process is of.

use super::warning::Warning;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where it gives less than the stop may take.
pub(super) fn shorter_than(timeout: Duration) -> Option<Warning> {
    // systemd sets it for every service.
    std::env::var_os("INVOCATION_ID")?;
    let unit = unit(&fs::read_to_string("/proc/self/cgroup").ok()?)?;
    let mut ask = Command::new("systemctl");
    if unit.is_of_user {
        ask.arg("--user");
    }
    let answer = ask
        .args([
            "show",
            "--property=TimeoutStopUSec",
            "--value",
            "--",
            &unit.name,
        ])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let gives = span(&String::from_utf8(answer.stdout).ok()?)?;
    (gives < timeout).then_some(Warning::SystemdIsShorter {
        unit: unit.name,
        gives,
        timeout,
    })
}

#[derive(Debug, PartialEq, Eq)]
struct Unit {
    name: String,
    /// Of a user's manager, and not of the system's.
    is_of_user: bool,
}

/// `0::/system.slice/orders.service` is the unit `orders.service`.
fn unit(cgroup: &str) -> Option<Unit> {
    let mut paths = cgroup.lines().filter_map(|line| line.rsplit_once(':'));
    let (_, path) = paths.find(|(_, path)| path.contains(".service"))?;
    let mut services = path.split('/').filter(|part| part.ends_with(".service"));
    let name = services.next_back()?.to_owned();
    // `user@1000.service/app.slice/orders.service`
    let is_of_user = services.any(|service| service.starts_with("user@"));
    Some(Unit { name, is_of_user })
}

/// `1min 30s`, `infinity`: as `systemd.time(7)` has it. None where there is no limit.
fn span(text: &str) -> Option<Duration> {
    let mut whole = Duration::ZERO;
    for part in text.split_whitespace() {
        let digits = part.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = part.split_at(digits);
        let micros: u64 = match unit {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "min" => 60_000_000,
            "h" => 3_600_000_000,
            "d" => 86_400_000_000,
            "w" => 604_800_000_000,
            // What is longer than weeks is longer than any stop.
            _ => return None,
        };
        let number: u64 = number.parse().ok()?;
        whole += Duration::from_micros(number.checked_mul(micros)?);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_systemd_is_read() {
        for (text, seconds) in [("1min 30s\n", 90.0), ("30s", 30.0), ("2s 500ms", 2.5)] {
            assert_eq!(span(text), Some(Duration::from_secs_f64(seconds)), "{text}");
        }
        assert_eq!(span("infinity"), None);
        assert_eq!(span("1month"), None);
    }

    #[test]
    fn the_unit_is_the_innermost_service() {
        let system = unit("0::/system.slice/orders.service\n");
        let name = "orders.service".to_owned();
        let is_of_user = false;
        assert_eq!(system, Some(Unit { name, is_of_user }));
        let user = unit("0::/user.slice/user-0.slice/user@0.service/app.slice/orders.service\n");
        assert!(user.is_some_and(|unit| unit.is_of_user && unit.name == "orders.service"));
        assert_eq!(unit("0::/init.scope\n"), None);
    }
}
