//! Clients that sit on one address, as a gRPC channel does, or HTTP/2 behind a balancer that is slow to notice: they go on
//! calling while the server drains, and until it is gone.

use crate::Replica;
use crate::echo::say;
use crate::grpc::{channel, class};
use crate::ports::free_port;
use crate::reconnecting;
use crate::replica::LOST;
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// Calls that are under way at the same time, over one connection where the protocol allows that.
const CALLERS: usize = 50;

/// What a call made before the signal does not count.
const WARM_UP: Duration = Duration::from_millis(200);

/// How calls ended, with how many of each.
pub type Ends = BTreeMap<String, usize>;

/// What a client saw of restarts.
#[derive(Debug, Default)]
pub struct Seen {
    /// Calls that ended while the delay passed.
    pub during_the_delay: Ends,
    /// Calls that ended later, until the server was gone.
    pub at_the_end: Ends,
    /// Those that were tried again at a second instance, and failed there too.
    pub lost: usize,
    /// What the longest stop took.
    pub longest_stop: Duration,
}

impl Seen {
    /// Calls that ended while the delay passed, when the server is to serve on, and were not answered.
    pub fn failed_during_the_delay(&self) -> usize {
        let failed = self.during_the_delay.iter().filter(|(how, _)| *how != "OK");
        failed.map(|(_, times)| times).sum()
    }

    /// Calls at the end that ended with something else than an answer, or than a code that allows to try them again.
    pub fn not_to_be_retried(&self) -> usize {
        let cut = self.at_the_end.iter();
        let cut = cut.filter(|(how, _)| *how != "OK" && !how.starts_with("Unavailable"));
        cut.map(|(_, times)| times).sum()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the longest stop {:.1?}", self.longest_stop)?;
        for (when, ends) in [
            ("during the delay", &self.during_the_delay),
            ("at the end", &self.at_the_end),
        ] {
            for (how, times) in ends {
                writeln!(f, "  {when}: {times} {how}")?;
            }
        }
        write!(f, "  lost in spite of a second instance: {}", self.lost)
    }
}

/// What the clients speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A channel of tonic.
    Grpc,
    /// A pool of hyper, of one connection.
    Http2,
    /// A pool of hyper.
    Http1,
}

type Http = Client<hyper_util::client::legacy::connect::HttpConnector, Empty<Bytes>>;

#[derive(Clone)]
enum Caller {
    Grpc(Channel),
    Http(Box<Http>, SocketAddr),
}

/// Waits until a server is ready: a signal before that is one in its start-up, and has no delay.
async fn ready(protocol: Protocol, at: SocketAddr) {
    match protocol {
        Protocol::Http1 | Protocol::Http2 => reconnecting::ready(at).await,
        Protocol::Grpc => {
            let mut health = HealthClient::new(channel(at));
            let ready = async {
                loop {
                    match health.check(HealthCheckRequest::default()).await {
                        Ok(answer) if answer.get_ref().status() == ServingStatus::Serving => return,
                        // The plain one has no such service, and hears of the signal from its first line on.
                        Err(status) if status.code() == Code::Unimplemented => return,
                        _ => sleep(Duration::from_millis(1)).await,
                    }
                }
            };
            timeout(LOST, ready).await.expect("it is never ready");
        }
    }
}

impl Caller {
    fn new(protocol: Protocol, at: SocketAddr) -> Self {
        let http = |http2| {
            let mut builder = Client::builder(TokioExecutor::new());
            builder.retry_canceled_requests(false);
            Self::Http(Box::new(builder.http2_only(http2).build_http()), at)
        };
        match protocol {
            Protocol::Grpc => Self::Grpc(channel(at)),
            Protocol::Http2 => http(true),
            Protocol::Http1 => http(false),
        }
    }

    /// How a call ends.
    async fn call(&self) -> String {
        match self {
            Self::Grpc(channel) => match say(channel, "hello").await {
                Ok(_) => "OK".to_owned(),
                Err(status) => class(&status),
            },
            Self::Http(client, at) => match get(client, *at).await {
                Ok(()) => "OK".to_owned(),
                Err(error) => error,
            },
        }
    }
}

async fn get(client: &Http, at: SocketAddr) -> Result<(), String> {
    let request = Request::get(format!("http://{at}/")).body(Empty::new());
    let answer = client.request(request.expect("a request")).await;
    let answer = answer.map_err(|error| {
        if error.is_connect() {
            "Unavailable".to_owned()
        } else {
            format!("{error:?}")
        }
    })?;
    let status = answer.status();
    let body = answer.into_body().collect().await;
    body.map_err(|error| format!("cut: {error}"))?;
    if status.is_success() {
        Ok(())
    } else {
        Err(status.to_string())
    }
}

/// Restarts `program`, whose stops have this delay, so often under calls of one client. Where there is a `second` instance,
/// what fails is tried there.
///
/// # Panics
///
/// Where a server does not come up.
pub async fn restart_one_address(
    program: &str,
    protocol: Protocol,
    delay: Duration,
    restarts: usize,
    has_second: bool,
) -> Seen {
    let port = free_port();
    let in_ms = format!("{}ms", delay.as_millis());
    let variables = [("GRACEFUL_DELAY", &*in_ms)];
    let second = Replica::start(program, 0, &variables).await;
    let fallback = has_second.then(|| Caller::new(protocol, second.address));
    let mut seen = Seen::default();
    for _ in 0..restarts {
        let server = Replica::start(program, port, &variables).await;
        ready(protocol, server.address).await;
        let caller = Caller::new(protocol, server.address);
        let signalled = watch::Sender::new(None);
        let (over, _) = watch::channel(false);
        let over = Arc::new(over);
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let one = One {
                caller: caller.clone(),
                fallback: fallback.clone(),
                signalled: signalled.subscribe(),
                over: over.subscribe(),
                delay,
            };
            callers.spawn(one.call());
        }
        sleep(WARM_UP).await;
        let began = Instant::now();
        signalled.send_replace(Some(began));
        server.terminate();
        server.ended().await;
        seen.longest_stop = seen.longest_stop.max(began.elapsed());
        over.send_replace(true);
        for one in callers.join_all().await {
            seen.lost += one.lost;
            for (all, ends) in [
                (&mut seen.during_the_delay, one.during_the_delay),
                (&mut seen.at_the_end, one.at_the_end),
            ] {
                for (how, times) in ends {
                    *all.entry(how).or_default() += times;
                }
            }
        }
    }
    seen
}

/// One of those that call.
struct One {
    caller: Caller,
    fallback: Option<Caller>,
    signalled: watch::Receiver<Option<Instant>>,
    over: watch::Receiver<bool>,
    delay: Duration,
}

impl One {
    async fn call(self) -> Seen {
        let mut seen = Seen::default();
        while !*self.over.borrow() {
            let how = self.caller.call().await;
            let ended = Instant::now();
            let failed = how != "OK";
            if failed && let Some(fallback) = &self.fallback {
                seen.lost += usize::from(fallback.call().await != "OK");
            }
            let signalled = *self.signalled.borrow();
            let ends = match signalled {
                None if failed => panic!("before the signal: {how}"),
                None => continue,
                // The server has heard of the signal a moment later, and closes a moment later.
                Some(at) if ended >= at + self.delay => &mut seen.at_the_end,
                Some(_) => &mut seen.during_the_delay,
            };
            *ends.entry(how).or_default() += 1;
            if failed {
                sleep(Duration::from_millis(20)).await;
            }
        }
        seen
    }
}
