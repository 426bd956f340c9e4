//! Replicas that are restarted one after the other, behind a balancer, while requests come at a steady pace.

use crate::balancer::{Balancer, Kind};
use crate::ports::free_port;
use crate::reconnecting::ready;
use crate::{Replica, Tally};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::{Client, Error, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

const REPLICAS: usize = 3;

/// Requests a second, whether or not the last ones have been answered.
const PACE: u32 = 1500;

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of all requests, and with which status or error those failed that did.
#[derive(Debug, Default)]
pub struct Rolled {
    /// How many ended in which way.
    pub tally: Tally,
    /// What was wrong with those that failed.
    pub failures: BTreeMap<String, usize>,
    /// What the balancer has logged.
    pub balancer_said: String,
}

type Http = Client<HttpConnector, Full<Bytes>>;

/// Restarts one of three replicas of `program` after the other, `restarts` in all.
///
/// # Panics
///
/// Where a replica does not come up or does not end well.
pub async fn restart_under_load(program: &str, kind: Kind, restarts: usize) -> Rolled {
    let free = || SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (balancer, replicas) = (free(), [(); REPLICAS].map(|()| free()));
    let mut running = Vec::new();
    for at in replicas {
        running.push(start(program, at).await);
    }
    let balancer = Balancer::start(kind, balancer, &replicas).await;

    let enough = Arc::new(Notify::new());
    let load = tokio::spawn(at_a_steady_pace(balancer.address, enough.clone()));
    for number in 0..restarts {
        let at = number % REPLICAS;
        let old = running.remove(at);
        old.terminate();
        let status = old.ended().await;
        assert!(status.success(), "{status}");
        running.insert(at, start(program, replicas[at]).await);
        sleep(kind.notices_within()).await;
    }
    enough.notify_one();
    let rolled = load.await.expect("it does not panic");
    Rolled {
        balancer_said: balancer.said(),
        ..rolled
    }
}

async fn start(program: &str, at: SocketAddr) -> Replica {
    // As long as the balancer needs to see it, and what a machine that stands still takes of that.
    let replica = Replica::start(program, at.port(), &[("GRACEFUL_DELAY", "3s")]).await;
    // From then on the balancer has its time to see it.
    ready(replica.address).await;
    replica
}

async fn at_a_steady_pace(balancer: SocketAddr, enough: Arc<Notify>) -> Rolled {
    let http: Http = Client::builder(TokioExecutor::new())
        .retry_canceled_requests(false)
        .build_http();
    let mut ticks = interval(Duration::from_secs(1) / PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut asked = JoinSet::new();
    let mut rolled = Rolled::default();
    for number in 0_u64.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = enough.notified() => break,
        }
        let http = http.clone();
        // What only reads may be tried again elsewhere; what writes may not.
        let method = if number % 4 == 0 {
            Method::POST
        } else {
            Method::GET
        };
        asked.spawn(async move {
            let answer = timeout(PATIENCE, ask(&http, balancer, &method)).await;
            (method, answer.ok())
        });
        while let Some(answered) = asked.try_join_next() {
            rolled.note(answered.expect("it does not panic"));
        }
    }
    for answered in asked.join_all().await {
        rolled.note(answered);
    }
    rolled
}

/// What became of one request; nothing, for all that the client could wait.
type Answer = (Method, Option<Result<StatusCode, Error>>);

async fn ask(http: &Http, balancer: SocketAddr, method: &Method) -> Result<StatusCode, Error> {
    let request = Request::builder()
        .method(method)
        .uri(format!("http://{balancer}/"))
        .body(Full::default())
        .expect("a request");
    let response = http.request(request).await?;
    let status = response.status();
    // A body that is cut is the balancer's to report, which it does by cutting its own.
    Ok(match response.into_body().collect().await {
        Ok(_) => status,
        Err(_) => StatusCode::PARTIAL_CONTENT,
    })
}

impl Rolled {
    fn note(&mut self, (method, answer): Answer) {
        let failure = match answer {
            Some(Ok(StatusCode::OK)) => {
                self.tally.answered += 1;
                return;
            }
            Some(Ok(status)) => {
                self.tally.failed += 1;
                format!("{method} {status}")
            }
            Some(Err(error)) => {
                self.tally.cut += 1;
                format!("{method} {error}")
            }
            None => {
                self.tally.lost += 1;
                format!("{method} never")
            }
        };
        *self.failures.entry(failure).or_default() += 1;
    }
}
