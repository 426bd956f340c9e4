//! Clients that call, and clients that listen, while the server is restarted again and again.

use crate::Replica;
use crate::echo::{say, watch};
use crate::ports::free_port;
use std::collections::BTreeMap;
use std::error::Error as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::sync::watch as latest;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tonic::Code;
use tonic::transport::{Channel, Endpoint};

/// Nothing takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections that call without a pause.
const CALLERS: usize = 32;

/// Streams of one connection.
const STREAMS_EACH: usize = 50;

/// How calls and streams ended, with how many of each.
#[derive(Debug, Default)]
pub struct Called {
    /// The calls.
    pub calls: BTreeMap<String, usize>,
    /// The streams, of which each ends with its server.
    pub streams: BTreeMap<String, usize>,
    /// What the longest stop took.
    pub longest_stop: Duration,
}

impl Called {
    /// Those that ended with something else than an answer, or `UNAVAILABLE`, which
    /// [says](https://grpc.io/docs/guides/status-codes/) that the call may be tried again.
    pub fn not_to_be_retried(&self) -> usize {
        let ended = self.calls.iter().chain(&self.streams);
        let bad =
            ended.filter(|(how, _)| !how.starts_with("OK") && !how.starts_with("Unavailable"));
        bad.map(|(_, times)| times).sum()
    }
}

/// Restarts `program` so often, with so many streams open each time.
///
/// # Panics
///
/// Where a server does not come up.
pub async fn restart_grpc(program: &str, restarts: usize, streams: usize) -> Called {
    let at = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let mut server = Replica::start(program, at.port(), &[]).await;
    let (over, ended) = latest::channel(false);
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        callers.spawn(call_until(channel(at), ended.clone()));
    }
    let mut called = Called::default();
    for _ in 0..restarts {
        let mut listeners = JoinSet::new();
        let listening = latest::Sender::new(0);
        let mut channels = Vec::new();
        for number in 0..streams {
            if number % STREAMS_EACH == 0 {
                channels.push(channel(at));
            }
            let channel = channels.last().expect("one was pushed").clone();
            listeners.spawn(listen(channel, listening.clone()));
        }
        let mut open = listening.subscribe();
        let all = timeout(PATIENCE, open.wait_for(|open| *open >= streams)).await;
        drop(all.expect("they listen"));
        let began = Instant::now();
        server.terminate();
        for how in listeners.join_all().await {
            *called.streams.entry(how).or_default() += 1;
        }
        server.ended().await;
        called.longest_stop = called.longest_stop.max(began.elapsed());
        server = Replica::start(program, at.port(), &[]).await;
    }
    over.send_replace(true);
    for calls in callers.join_all().await {
        for (how, times) in calls {
            *called.calls.entry(how).or_default() += times;
        }
    }
    called
}

pub(crate) fn channel(at: SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{at}")).expect("an address");
    endpoint.connect_lazy()
}

async fn call_until(channel: Channel, over: latest::Receiver<bool>) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    while !*over.borrow() {
        let answer = say(&channel, "hello").await;
        let down = matches!(&answer, Err(status) if status.code() == Code::Unavailable);
        let how = answer.map_or_else(|status| class(&status), |_| "OK".to_owned());
        *calls.entry(how).or_default() += 1;
        if down {
            // As every client of gRPC does before it tries again.
            sleep(Duration::from_millis(20)).await;
        }
    }
    calls
}

async fn listen(channel: Channel, listening: latest::Sender<usize>) -> String {
    let mut words = match watch(&channel).await {
        Ok(words) => words,
        Err(status) => return class(&status),
    };
    let mut first = true;
    loop {
        match words.message().await {
            Ok(Some(_)) if first => {
                first = false;
                listening.send_modify(|open| *open += 1);
            }
            Ok(Some(_)) => {}
            Ok(None) => return "OK".to_owned(),
            Err(status) => return class(&status),
        }
    }
}

/// The code, and for those that say nothing the cause too.
pub(crate) fn class(status: &tonic::Status) -> String {
    match status.code() {
        Code::Unavailable => "Unavailable".to_owned(),
        // The connection went while the call still waited for it, or had been told GOAWAY: the server never
        // saw the call, and it may be sent again (RFC 9113, section 6.8). tonic's own codes for that do not say so.
        Code::Cancelled | Code::Internal if was_never_sent(status) => {
            "Unavailable: never sent".to_owned()
        }
        code => format!("{code:?}: {}{}", status.message(), causes(status)),
    }
}

fn causes(status: &tonic::Status) -> String {
    let mut causes = String::new();
    let mut source = status.source();
    while let Some(error) = source {
        causes.push_str(": ");
        causes.push_str(&error.to_string());
        source = error.source();
    }
    causes
}

fn was_never_sent(status: &tonic::Status) -> bool {
    let mut source = status.source();
    while let Some(error) = source {
        let hyper: Option<&hyper::Error> = error.downcast_ref();
        let h2: Option<&h2::Error> = error.downcast_ref();
        let told_to_go = |error: &h2::Error| {
            error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR)
        };
        if hyper.is_some_and(hyper::Error::is_canceled) || h2.is_some_and(told_to_go) {
            return true;
        }
        source = error.source();
    }
    false
}
