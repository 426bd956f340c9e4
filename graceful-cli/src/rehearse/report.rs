//! What one run has shown: data alone, in seconds from the signal.

use super::load::{End, Source, Tally};
use super::options::Kind;
use super::processes::Disposition;
use super::program::Exit;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// One run of the program.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Report {
    pub(super) run: Kind,
    /// Why it could not take place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skipped: Option<String>,
    /// Why the program did not get as far as the signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_ready: Option<String>,
    /// From its start.
    pub(super) ready_seconds: Option<f64>,
    /// What the program had made of the signal when it was sent.
    pub(super) signal_disposition: Option<Disposition>,
    /// What was signalled, where it was a shell that waited for the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shell: Option<String>,
    pub(super) exit: Option<Exit>,
    pub(super) exit_seconds: Option<f64>,
    /// From the second signal to the end; nothing where it had ended before, or there was none.
    pub(super) exit_after_second_seconds: Option<f64>,
    /// When it said for the first time that it is not ready.
    pub(super) readiness_off_seconds: Option<f64>,
    /// When it refused a connection for the first time.
    pub(super) refuses_seconds: Option<f64>,
    pub(super) requests: BTreeMap<Source, Tally>,
    pub(super) streams: Vec<StreamEnd>,
    /// Processes that it has started, and that outlive it.
    pub(super) processes_left: Vec<String>,
    /// Ports that are listened on, and socket files that are there, though it has ended.
    pub(super) sockets_left: Vec<String>,
    pub(super) output: Written,
    /// What does not hold.
    pub(super) broken: Vec<Broken>,
}

/// How a stream that was open came to its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct StreamEnd {
    pub(super) name: &'static str,
    pub(super) end: End,
    pub(super) seconds: f64,
}

/// What it has written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Written {
    pub(super) bytes: usize,
    /// Where its last line has no end: what there is of it.
    pub(super) cut_line: Option<String>,
    /// What was expected, and is not there.
    pub(super) missing: Vec<String>,
    /// How often the text is there that stands for an answered request.
    pub(super) access_lines: Option<usize>,
}

/// A bound that is broken: by its option, and in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Broken {
    pub(super) bound: &'static str,
    pub(super) text: String,
}

impl Report {
    pub(super) fn new(run: Kind) -> Self {
        Self {
            run,
            skipped: None,
            not_ready: None,
            ready_seconds: None,
            signal_disposition: None,
            shell: None,
            exit: None,
            exit_seconds: None,
            exit_after_second_seconds: None,
            readiness_off_seconds: None,
            refuses_seconds: None,
            requests: BTreeMap::new(),
            streams: Vec::new(),
            processes_left: Vec::new(),
            sockets_left: Vec::new(),
            output: Written::default(),
            broken: Vec::new(),
        }
    }

    /// All requests of all clients: how many were sent, answered and turned away in time, and how many failed.
    pub(super) fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.requests.values() {
            total.sent += tally.sent;
            total.answered += tally.answered;
            total.refused_after += tally.refused_after;
            for (&outcome, count) in &tally.failed {
                *total.failed.entry(outcome).or_default() += count;
            }
            total.slowest_seconds = total.slowest_seconds.max(tally.slowest_seconds);
        }
        total
    }
}

impl Written {
    /// Looks through both outputs.
    pub(super) fn of(outputs: [&[u8]; 2], expected: &[String], access_line: Option<&str>) -> Self {
        let texts = outputs.map(String::from_utf8_lossy);
        let is_there = |expected: &String| texts.iter().any(|text| text.contains(expected));
        let cut_line = texts.iter().find_map(|text| {
            let (_, last) = text.rsplit_once('\n').unwrap_or(("", text));
            (!last.is_empty()).then(|| last.to_owned())
        });
        let count = |line| texts.iter().map(|text| text.matches(line).count()).sum();
        Self {
            bytes: outputs.iter().map(|output| output.len()).sum(),
            cut_line,
            missing: expected
                .iter()
                .filter(|it| !is_there(it))
                .cloned()
                .collect(),
            access_lines: access_line.map(count),
        }
    }
}

/// In seconds, to the microsecond: what was measured is no finer.
pub(super) fn seconds(duration: Duration) -> f64 {
    Duration::from_micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)).as_secs_f64()
}
