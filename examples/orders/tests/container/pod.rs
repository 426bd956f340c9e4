//! What a kubelet and the control plane do with a pod that is deleted, as
//! <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination> has it, by the generated manifest.
//!
//! The grace period begins with the deletion. The kubelet runs the `preStop` hook, has the runtime send the signal, and
//! kill what is left at the grace period's end. At the same time, and without waiting for each other, the control plane
//! takes the endpoint away, of which each node learns somewhat later: until then it sends new connections there.

use super::engine::{Container, Stopped};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const MANIFEST: &str = include_str!("../../deploy/kubernetes.yaml");

/// What the manifest says of the end of a pod.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) grace: Duration,
    /// The hook is the kubelet's own `sleep`, which runs nothing inside of the container.
    pub(crate) pre_stop: Duration,
}

impl Terms {
    pub(crate) fn of_manifest() -> Self {
        Self {
            grace: seconds("terminationGracePeriodSeconds: "),
            pre_stop: seconds("preStop:\n              sleep:\n                seconds: "),
        }
    }
}

fn seconds(behind: &str) -> Duration {
    Duration::from_secs(number(behind))
}

fn number(behind: &str) -> u64 {
    let (_, rest) = MANIFEST.split_once(behind).unwrap();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap();
    rest[..end].parse().unwrap()
}

/// The limit that the manifest gives the container, as the engine wants it.
pub(crate) fn memory() -> String {
    format!("--memory={}m", number("limits:\n              memory: "))
}

/// What a Service's address leads to: new connections go to one of these in turn, those that are there stay.
pub(crate) struct Endpoints(Mutex<(Vec<String>, usize)>);

impl Endpoints {
    pub(crate) fn new(addresses: Vec<String>) -> Self {
        Self(Mutex::new((addresses, 0)))
    }

    pub(crate) fn next(&self) -> String {
        let (addresses, turn) = &mut *self.0.lock().unwrap();
        *turn += 1;
        addresses[*turn % addresses.len()].clone()
    }

    fn remove(&self, address: &str) {
        let (addresses, _) = &mut *self.0.lock().unwrap();
        addresses.retain(|it| it != address);
    }
}

/// `kubectl delete pod`: the endpoint is gone from this node so `late`.
pub(crate) fn delete(
    container: &Container,
    terms: Terms,
    endpoints: &Endpoints,
    address: &str,
    late: Duration,
) -> Stopped {
    let deleted = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(late);
            endpoints.remove(address);
        });
        std::thread::sleep(terms.pre_stop);
        // What the runtime is given for the signal and the kill: what the hook has left, and two seconds at least.
        let left = terms.grace.saturating_sub(deleted.elapsed());
        container.stop(left.max(Duration::from_secs(2)))
    })
}
