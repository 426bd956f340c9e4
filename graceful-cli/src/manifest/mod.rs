//! `cargo graceful manifest`: what the platform must be told, from the program's own plan.

mod compose;
mod dockerfile;
mod kubernetes;
mod service;
mod systemd;

use crate::plan::{Facts, PlanSource, written};
use clap::{Args, ValueEnum};
use service::Service;
use std::time::Duration;

/// What is left to the kernel, the kubelet and a forced exit, where the program does not say how long the platform waits.
const MARGIN: Duration = Duration::from_secs(5);

/// How long it takes at least until nobody sends any more, once a pod is to go.
const ROUTING: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cargo graceful manifest kubernetes --program ./target/release/orders --name orders --image registry.example/orders:1.4")]
pub(crate) struct Options {
    /// The platform
    platform: Platform,
    #[command(flatten)]
    source: PlanSource,
    #[command(flatten)]
    service: Service,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Platform {
    /// A Deployment and its Service
    Kubernetes,
    /// A service of a Compose file
    Compose,
    /// A unit
    Systemd,
    /// A Dockerfile
    Dockerfile,
}

/// How long the platform has to wait, and what it does before the signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waits {
    pre_stop: Duration,
    timeout: Duration,
    grace: Duration,
    /// Whether the program says itself how long the platform waits.
    is_given: bool,
}

impl Waits {
    /// On a platform with a hook before the signal: it stands in for a delay that the program has not.
    fn with_hook(facts: &Facts) -> Self {
        let routing = if facts.delay.is_zero() && facts.grace.is_none() {
            ROUTING
        } else {
            Duration::ZERO
        };
        Self::of(facts, facts.pre_stop.unwrap_or(routing))
    }

    /// On a platform without one.
    fn without_hook(facts: &Facts) -> Self {
        Self::of(facts, Duration::ZERO)
    }

    fn of(facts: &Facts, pre_stop: Duration) -> Self {
        let needed = whole_seconds(pre_stop + facts.timeout);
        Self {
            pre_stop,
            timeout: facts.timeout,
            grace: facts.grace.map_or(needed + MARGIN, whole_seconds),
            is_given: facts.grace.is_some(),
        }
    }

    /// How the grace period comes about.
    fn sum(&self) -> String {
        let timeout = written(self.timeout);
        let mut sum = if self.pre_stop.is_zero() {
            format!("The stop takes {timeout} at most")
        } else {
            let before = written(self.pre_stop);
            format!("{before} before the signal, then {timeout} at most for the stop")
        };
        if self.is_given {
            sum.push_str("; the program expects this");
        } else {
            sum = format!("{sum}; {} are left over", written(MARGIN));
        }
        sum
    }
}

/// Platforms count in seconds.
fn whole_seconds(duration: Duration) -> Duration {
    let up = u64::from(duration.subsec_nanos() > 0);
    Duration::from_secs(duration.as_secs() + up)
}

/// Prints it.
pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    let facts = options.source.facts()?;
    let service = &options.service;
    let text = match options.platform {
        Platform::Kubernetes => kubernetes::manifest(service, &facts),
        Platform::Compose => compose::manifest(service, &facts),
        Platform::Systemd => systemd::unit(service, &facts),
        Platform::Dockerfile => dockerfile::dockerfile(service, &facts),
    };
    print!("{text}");
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(timeout: u64, delay: u64) -> Facts {
        Facts {
            timeout: Duration::from_secs(timeout),
            delay: Duration::from_secs(delay),
            ..Facts::default()
        }
    }

    #[test]
    fn a_hook_stands_in_for_a_delay_that_the_program_has_not() {
        let seconds = |waits: Waits| (waits.pre_stop.as_secs(), waits.grace.as_secs());
        assert_eq!(seconds(Waits::with_hook(&facts(25, 0))), (5, 35));
        assert_eq!(seconds(Waits::with_hook(&facts(25, 5))), (0, 30));
        assert_eq!(seconds(Waits::without_hook(&facts(25, 0))), (0, 30));
    }

    #[test]
    fn what_the_program_says_of_the_platform_counts() {
        let facts = Facts {
            grace: Some(Duration::from_secs(40)),
            pre_stop: Some(Duration::from_secs(10)),
            ..facts(30, 0)
        };
        let waits = Waits::with_hook(&facts);
        assert_eq!((waits.pre_stop.as_secs(), waits.grace.as_secs()), (10, 40));
    }

    #[test]
    fn a_part_of_a_second_is_a_whole_one() {
        let facts = Facts {
            timeout: Duration::from_millis(1500),
            ..facts(0, 1)
        };
        assert_eq!(Waits::with_hook(&facts).grace, Duration::from_secs(7));
    }
}
