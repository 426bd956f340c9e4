//! A stop in the middle of load, and what it has cost.

use super::Service;
use super::customers::{place, states, told};
use super::engine::{Container, Stopped};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

const CLIENTS: usize = 16;

/// As many orders are answered before the stop.
const BEFORE: usize = 200;

/// Nothing takes this long; what does has failed.
const LOST: Duration = Duration::from_secs(90);

/// How long the platform waits, as a generated file has it.
#[derive(Clone, Copy)]
pub(crate) struct Grace(pub(crate) Duration);

impl Grace {
    pub(crate) fn of_compose_file() -> Self {
        let file = include_str!("../../deploy/compose.yaml");
        Self::behind("stop_grace_period: ", file)
    }

    pub(crate) fn of_dockerfile() -> Self {
        Self::behind("`docker stop -t ", include_str!("../../Dockerfile"))
    }

    fn behind(words: &str, file: &str) -> Self {
        let (_, rest) = file.split_once(words).unwrap();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap();
        Self(Duration::from_secs(rest[..end].parse().unwrap()))
    }
}

/// What clients, the engine and the database have seen of it.
pub(crate) struct Stop {
    stopped: Stopped,
    answered: usize,
    memory: String,
}

/// Customers place orders; in the middle `stop` is called. None of them is lost.
pub(crate) async fn stop_under_load(
    container: &Container,
    service: &Service,
    stop: impl FnOnce() -> Stopped + Send + 'static,
) -> Stop {
    container.wait_for_line("probes on ");
    let (answer, mut answers) = mpsc::channel(1);
    let mut customers = JoinSet::new();
    for _ in 0..CLIENTS {
        let address = format!("http://{}", service.address);
        customers.spawn(place(address, answer.clone()));
    }
    drop(answer);
    let mut answered = Vec::new();
    while answered.len() < BEFORE {
        let next = timeout(LOST, answers.recv()).await;
        answered.extend(next.expect("orders are answered"));
    }
    let rest = tokio::spawn(async move {
        let mut rest = Vec::new();
        while let Some(id) = answers.recv().await {
            rest.push(id);
        }
        rest
    });
    let memory = {
        let container = container.clone();
        spawn_blocking(move || container.memory()).await.unwrap()
    };
    let stopped = spawn_blocking(stop).await.unwrap();
    for lost in customers.join_all().await {
        assert!(lost.is_none(), "{stopped:?} {lost:?}");
    }
    answered.extend(rest.await.unwrap());

    let data = service.data.path();
    let states = states(data).await;
    let is_confirmed = |(_, state): &(i64, String)| state == "confirmed";
    assert!(states.iter().all(is_confirmed), "{states:?}");
    let placed: BTreeSet<i64> = states.into_iter().map(|(id, _)| id).collect();
    let count = answered.len();
    // Both ways: no call that has reached the service is without an answer.
    assert_eq!(BTreeSet::from_iter(answered), placed);
    assert_eq!(told(data, "confirmed"), placed);
    Stop {
        stopped,
        answered: count,
        memory,
    }
}

impl Stop {
    /// It ended by itself, and with time left.
    pub(crate) fn assert_well_within(&self, grace: Grace) {
        let Stopped {
            took,
            exit_code,
            out_of_memory,
        } = self.stopped;
        assert_eq!((exit_code, out_of_memory), (0, false), "{self}");
        assert!(took < grace.0 / 2, "{self}");
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            stopped,
            answered,
            memory,
        } = self;
        let Stopped {
            took, exit_code, ..
        } = stopped;
        write!(
            f,
            "exit code {exit_code} after {took:.2?}, {answered} orders answered and confirmed, none lost, {memory}"
        )
    }
}
