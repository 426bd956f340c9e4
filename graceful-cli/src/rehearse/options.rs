//! What a rehearsal is asked for, and the bounds that it holds the program to.

use clap::{Args, ValueEnum};
use hyper::Uri;
use hyper::header::{HeaderName, HeaderValue};
use serde::Serialize;
use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

/// The program is run once for each of `--runs`, and asked to stop each time.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit code: 0 where every bound holds, 1 where one is broken, 2 where the rehearsal itself could not take place.

Example:
  cargo graceful rehearse --url http://127.0.0.1:3000/ --ready http://127.0.0.1:9990/readyz -- ./target/release/orders")]
pub(crate) struct Options {
    /// Where requests go. Without it there is no load
    #[arg(long, value_name = "URL", value_parser = http)]
    pub(super) url: Option<Uri>,
    /// What tells that it is ready: a URL that answers 2xx, or HOST:PORT that accepts. Default: where `--url` leads
    #[arg(long, value_name = "URL|HOST:PORT", value_parser = ready)]
    pub(super) ready: Option<Ready>,
    /// A URL whose answer takes a while: five requests to it are in flight when the signal comes
    #[arg(long, value_name = "URL", value_parser = http)]
    pub(super) slow: Option<Uri>,
    /// A stream of server-sent events, open when the signal comes: it has to end, not to be cut
    #[arg(long, value_name = "URL", value_parser = http)]
    pub(super) events: Option<Uri>,
    /// A WebSocket (ws://…), open when the signal comes: it has to get a close frame
    #[arg(long, value_name = "URL", value_parser = websocket)]
    pub(super) websocket: Option<Uri>,
    /// The connections that load comes on
    #[arg(long, value_delimiter = ',', default_values = ["keep-alive", "new"])]
    pub(super) load: Vec<Connections>,
    /// Requests a second on each kind of connection: sent when they are due, whether others are answered or not
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) rate: u32,
    /// The body of each request, which makes it a POST
    #[arg(long, value_name = "TEXT")]
    pub(super) body: Option<String>,
    /// A header of each request. May be given several times
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    pub(super) header: Vec<(HeaderName, HeaderValue)>,
    /// How long load lasts before the signal
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = duration)]
    pub(super) before: Duration,
    /// The signal
    #[arg(long, ignore_case = true, default_value = "SIGTERM")]
    pub(super) signal: Signal,
    /// What the program is put through
    #[arg(long, value_delimiter = ',', default_values = ["plain", "second-signal", "start-up", "pid1", "full-stderr", "cpu-limit"])]
    pub(super) runs: Vec<Kind>,
    /// How often all that is done
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) repeat: u32,
    /// The part of one core that it has under the CPU limit
    #[arg(long, value_name = "PART", default_value_t = 0.25, value_parser = part)]
    pub(super) cpu: f64,
    /// How long it may take to be ready
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(super) start_timeout: Duration,
    /// When a request counts as one that is not answered
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub(super) request_timeout: Duration,
    /// How the result is printed
    #[arg(long, default_value = "table")]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) bounds: Bounds,
    /// The program, and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// What has to hold.
#[derive(Clone, Debug, Args, Serialize)]
#[command(next_help_heading = "Bounds")]
pub(crate) struct Bounds {
    /// How long the platform waits from the signal before it kills: it has to end within that
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    #[serde(serialize_with = "seconds")]
    pub(super) grace: Duration,
    /// How many requests may fail
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(super) max_failed: usize,
    /// How long clients still come after the signal, since balancers learn of it late: until then a refused
    /// connection is a failed request
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
    #[serde(serialize_with = "seconds")]
    pub(super) routing_lag: Duration,
    /// How soon after the signal `--ready` may no longer answer 2xx
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = duration)]
    #[serde(serialize_with = "seconds")]
    pub(super) readiness_lag: Duration,
    /// How soon after a second signal it has to end
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = duration)]
    #[serde(serialize_with = "seconds")]
    pub(super) second_signal_within: Duration,
    /// The exit codes that stand for a good end. May be given several times
    #[arg(long, value_name = "CODE", default_value = "0")]
    pub(super) exit_code: Vec<i32>,
    /// A text that its output has to hold: its last log line, say. May be given several times
    #[arg(long, value_name = "TEXT")]
    pub(super) expect_output: Vec<String>,
    /// A text that its output holds once for each answered request, in an access log
    #[arg(long, value_name = "TEXT")]
    pub(super) access_line: Option<String>,
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

/// On which connections requests come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Connections {
    /// On those that were used before
    KeepAlive,
    /// Each on one of its own
    New,
}

/// What a program is put through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// One signal, under load
    Plain,
    /// A second one while it drains: it has to end at once
    SecondSignal,
    /// A signal before it is ready
    StartUp,
    /// As the first process of a PID namespace, as in a container: what it does not handle is dropped
    Pid1,
    /// With a standard error that nobody reads any more, and that takes nothing
    FullStderr,
    /// With a part of a core, as under a CPU quota
    CpuLimit,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value().expect("none is hidden");
        f.pad(value.get_name())
    }
}

/// How the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A line for each run, and one for each bound that is broken
    Table,
    /// One object, for programs
    Json,
}

/// The signals that ask a process to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Signal {
    /// What Kubernetes, Docker and systemd send
    #[value(name = "SIGTERM")]
    Term,
    /// What Ctrl-C sends
    #[value(name = "SIGINT")]
    Int,
    /// What Ctrl-\ sends
    #[value(name = "SIGQUIT")]
    Quit,
    /// What the end of a terminal sends
    #[value(name = "SIGHUP")]
    Hup,
}

impl Signal {
    pub(super) fn for_kernel(self) -> rustix::process::Signal {
        use rustix::process::Signal as Of;
        match self {
            Self::Term => Of::TERM,
            Self::Int => Of::INT,
            Self::Quit => Of::QUIT,
            Self::Hup => Of::HUP,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value().expect("none is hidden");
        f.write_str(value.get_name())
    }
}

/// What tells that a program is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    /// It answers 2xx.
    Answers(Uri),
    /// It answers anything but an error of its own: where load goes.
    Serves(Uri),
    /// It accepts connections.
    Accepts(String),
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers(uri) | Self::Serves(uri) => uri.fmt(f),
            Self::Accepts(address) => address.fmt(f),
        }
    }
}

impl Options {
    pub(super) fn readiness(&self) -> Option<Ready> {
        let serves = || self.url.clone().map(Ready::Serves);
        self.ready.clone().or_else(serves)
    }
}

fn http(text: &str) -> Result<Uri, String> {
    with_scheme(text, "http")
}

fn websocket(text: &str) -> Result<Uri, String> {
    with_scheme(text, "ws")
}

fn with_scheme(text: &str, scheme: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|error| format!("{error}"))?;
    if uri.scheme_str() == Some(scheme) && uri.authority().is_some() {
        return Ok(uri);
    }
    if let Some("https" | "wss") = uri.scheme_str() {
        return Err(format!(
            "a rehearsal speaks no TLS: name a port on which the program serves without it, like `{scheme}://127.0.0.1:3000/path`"
        ));
    }
    Err(format!("write it like `{scheme}://127.0.0.1:3000/path`"))
}

fn ready(text: &str) -> Result<Ready, String> {
    if text.contains("://") {
        return http(text).map(Ready::Answers);
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok(Ready::Accepts(text.to_owned()))
        }
        _ => {
            Err("write it like `http://127.0.0.1:9990/readyz`, or like `127.0.0.1:3000`".to_owned())
        }
    }
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("write it like `content-type: application/json`")?;
    let name = name.trim().parse().map_err(|error| format!("{error}"))?;
    let value = value.trim().parse().map_err(|error| format!("{error}"))?;
    Ok((name, value))
}

/// Whoever gives more means for ever, and it could be added to no moment.
fn duration(text: &str) -> Result<Duration, humantime::DurationError> {
    const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    humantime::parse_duration(text).map(|given| given.min(LONGEST))
}

fn part(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(part) if (0.01..=1.0).contains(&part) => Ok(part),
        _ => Err("a number between 0.01 and 1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn what_is_given_for_ever_can_be_added_to_a_moment() {
        let ever = duration("18446744073709551615s").unwrap();
        assert!(Instant::now().checked_add(ever).is_some());
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
    }
}
