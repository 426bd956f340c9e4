//! Which bounds a run has broken: a pure function of what it has shown.

use super::load::{End, Outcome, Source, Tally};
use super::options::{Bounds, Kind, Signal};
use super::processes::Disposition;
use super::report::{Broken, Report};
use std::fmt::Write as _;

/// In the order in which they are read: its end first, then its clients, then what is left.
pub(super) fn broken(report: &Report, bounds: &Bounds, signal: Signal) -> Vec<Broken> {
    let check = Check {
        report,
        bounds,
        signal,
    };
    if let Some(reason) = &report.not_ready {
        return vec![Broken {
            bound: "start-timeout",
            text: reason.clone(),
        }];
    }
    let found = [
        check.grace(),
        check.exit_code(),
        check.second_signal(),
        check.requests(),
        check.readiness(),
    ];
    let found = found.into_iter().flatten();
    found
        .chain(check.streams())
        .chain(check.left())
        .chain(check.output())
        .collect()
}

/// So many characters of a line that was cut tell which one it is.
const QUOTED: usize = 80;

struct Check<'a> {
    report: &'a Report,
    bounds: &'a Bounds,
    signal: Signal,
}

fn found(bound: &'static str, text: String) -> Broken {
    Broken { bound, text }
}

impl Check<'_> {
    fn grace(&self) -> Option<Broken> {
        self.report.exit.as_ref().filter(|exit| exit.killed)?;
        let grace = humantime::format_duration(self.bounds.grace);
        let signal = self.signal;
        if let Some(shell) = &self.report.shell {
            let text = format!(
                "it had not ended {grace} after {signal}, and was killed; {}",
                keeps(shell)
            );
            return Some(found("grace", text));
        }
        let advice = match (self.report.run, self.report.signal_disposition) {
            (_, Some(Disposition::Ignored)) => {
                "it ignores the signal: handle it, or do not start it with the signal ignored, as `nohup` and `trap ''` do"
            }
            // Whoever catches it only to raise it again, as Node does, is deaf there too.
            (Kind::Pid1, _) => {
                "the first process of a container gets no signal that it does not handle: handle it, or run it under an init"
            }
            (Kind::FullStderr, _) => "it waits for somebody to read what it logs",
            (Kind::SecondSignal, _) => {
                "two signals were not enough: let the second one end it at once"
            }
            (Kind::Plain | Kind::StartUp | Kind::CpuLimit, _) => {
                "give each part of the stop a limit, and the whole one that is shorter than this"
            }
        };
        let text = format!("it had not ended {grace} after {signal}, and was killed; {advice}");
        Some(found("grace", text))
    }

    fn exit_code(&self) -> Option<Broken> {
        let exit = self.report.exit.as_ref().filter(|exit| !exit.killed)?;
        let signal = self.signal.for_kernel().as_raw();
        // One that is forced, or that had not begun to listen yet, may say so.
        let may_be_cut = matches!(self.report.run, Kind::SecondSignal | Kind::StartUp);
        let is_cut = exit.by_signal == Some(signal) || exit.code == Some(128 + signal);
        if may_be_cut && is_cut {
            return None;
        }
        if let Some(by) = exit.by_signal {
            let text = match &self.report.shell {
                Some(shell) if by == signal => {
                    format!("{} killed what was started: {}", self.signal, keeps(shell))
                }
                None if by == signal => {
                    format!("{} killed it: it does not handle the signal", self.signal)
                }
                _ => format!("signal {by} killed it"),
            };
            return Some(found("exit-code", text));
        }
        let code = exit.code?;
        let is_good =
            self.bounds.exit_code.contains(&code) || self.report.run == Kind::SecondSignal;
        let good: Vec<_> = self.bounds.exit_code.iter().map(i32::to_string).collect();
        let text = format!("exit code {code}, not {}", good.join(" or "));
        (!is_good).then(|| found("exit-code", text))
    }

    fn second_signal(&self) -> Option<Broken> {
        let after = self.report.exit_after_second_seconds?;
        let limit = self.bounds.second_signal_within;
        let is_killed = self.report.exit.as_ref().is_some_and(|exit| exit.killed);
        (after > limit.as_secs_f64() && !is_killed).then(|| {
            let limit = humantime::format_duration(limit);
            let text = format!("it ended {after:.3} s after a second {}, at most {limit}: a person who presses Ctrl-C twice means it", self.signal);
            found("second-signal-within", text)
        })
    }

    fn requests(&self) -> Option<Broken> {
        let total = self.report.total();
        let (failed, limit) = (total.failures(), self.bounds.max_failed);
        (failed > limit).then(|| {
            let mut text = format!(
                "{failed} of {} requests failed, at most {limit}:",
                total.sent
            );
            let mut separator = " ";
            for (source, tally) in &self.report.requests {
                for (outcome, count) in &tally.failed {
                    // A `String` takes everything.
                    let _ = write!(
                        text,
                        "{separator}{count} {} ({})",
                        outcome.words(),
                        words(*source)
                    );
                    separator = ", ";
                }
            }
            text.push_str("; ");
            text.push_str(advice(&total));
            found("max-failed", text)
        })
    }

    fn readiness(&self) -> Option<Broken> {
        let after = self.report.readiness_off_seconds?;
        let limit = self.bounds.readiness_lag;
        (after > limit.as_secs_f64()).then(|| {
            let limit = humantime::format_duration(limit);
            let text = format!("it said that it is ready until {after:.3} s after {}, at most {limit}: answer 503 from the signal on", self.signal);
            found("readiness-lag", text)
        })
    }

    fn streams(&self) -> impl Iterator<Item = Broken> {
        let streams = self.report.streams.iter();
        streams
            .filter(|stream| !matches!(stream.end, End::Ended(_)))
            .map(|stream| {
                let (kind, advice) = match stream.name {
                    "websocket" => (
                        "WebSocket",
                        "send a close frame (1001 or 1012), so that the client comes back at once",
                    ),
                    _ => (
                        "stream of events",
                        "end the answer at the signal, so that the client comes back at once",
                    ),
                };
                let text = format!(
                    "the {kind} was cut {:.3} s after {}; {advice}",
                    stream.seconds, self.signal
                );
                found(stream.name, text)
            })
    }

    fn left(&self) -> impl Iterator<Item = Broken> {
        let processes = list("outlives it", "outlive it", &self.report.processes_left);
        let sockets = list(
            "is left of its sockets",
            "are left of its sockets",
            &self.report.sockets_left,
        );
        let processes =
            processes.map(|text| found("left", text + ": signal and wait for what you start"));
        let sockets =
            sockets.map(|text| found("left", text + ": close listeners, and remove their files"));
        processes.into_iter().chain(sockets)
    }

    fn output(&self) -> Vec<Broken> {
        // What nobody reads may be lost, and what is forced or killed need not say more.
        let is_killed = self.report.exit.as_ref().is_some_and(|exit| exit.killed);
        if is_killed || !matches!(self.report.run, Kind::Plain | Kind::Pid1 | Kind::CpuLimit) {
            return Vec::new();
        }
        let output = &self.report.output;
        let mut broken = Vec::new();
        if let Some(line) = &output.cut_line {
            let more = if line.chars().count() > QUOTED {
                "…"
            } else {
                ""
            };
            let line: String = line.chars().take(QUOTED).collect();
            broken.push(found("output", format!("its output ends inside of a line: {line:?}{more}; flush what is buffered before you exit")));
        }
        for text in &output.missing {
            broken.push(found(
                "expect-output",
                format!(
                    "its output does not hold {text:?}; flush what is buffered before you exit"
                ),
            ));
        }
        let answered = self.report.total().answered;
        if let Some(lines) = output.access_lines.filter(|&lines| lines < answered) {
            broken.push(found("access-line", format!("{answered} requests were answered, and its output has {lines} lines of them; flush what is buffered before you exit")));
        }
        broken
    }
}

/// Why a program behind a shell did not stop well.
fn keeps(shell: &str) -> String {
    format!(
        "that is the shell `{shell}`, which does not hand the signal on: let its last command begin with `exec`, or do without it"
    )
}

fn words(source: Source) -> &'static str {
    match source {
        Source::KeepAlive => "keep-alive",
        Source::New => "new connections",
        Source::Slow => "slow requests",
    }
}

fn advice(total: &Tally) -> &'static str {
    let has = |outcome| total.failed.contains_key(&outcome);
    if has(Outcome::Refused) {
        "go on accepting after the signal, for as long as balancers send"
    } else if has(Outcome::Error) {
        "serve on after the signal: what is asked then is answered, too"
    } else {
        "answer what was asked before you exit"
    }
}

fn list(one: &str, several: &str, names: &[String]) -> Option<String> {
    let verb = match names.len() {
        0 => return None,
        1 => one,
        _ => several,
    };
    Some(format!("{} {verb}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::program::Exit;
    use super::super::report::{StreamEnd, Written};
    use super::super::table::Table;
    use super::*;
    use clap::Parser;
    use std::collections::BTreeMap;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        bounds: Bounds,
    }

    fn bounds(options: &[&str]) -> Bounds {
        let words = ["rehearse"].iter().chain(options);
        Line::try_parse_from(words).unwrap().bounds
    }

    fn exit(code: Option<i32>, by_signal: Option<i32>, killed: bool) -> Exit {
        Exit {
            code,
            by_signal,
            killed,
        }
    }

    /// One in which nothing went wrong.
    fn good(run: Kind) -> Report {
        Report {
            ready_seconds: Some(0.1),
            exit: Some(exit(Some(0), None, false)),
            exit_seconds: Some(0.25),
            ..Report::new(run)
        }
    }

    fn broken_bounds(report: &Report, options: &[&str]) -> Vec<&'static str> {
        let found = broken(report, &bounds(options), Signal::Term);
        found.iter().map(|broken| broken.bound).collect()
    }

    #[test]
    fn a_signal_that_cuts_is_good_where_it_may_cut() {
        for (run, may_be_cut) in [
            (Kind::Plain, false),
            (Kind::StartUp, true),
            (Kind::SecondSignal, true),
            (Kind::CpuLimit, false),
        ] {
            for exit in [exit(None, Some(15), false), exit(Some(143), None, false)] {
                let exit = Some(exit);
                let report = Report { exit, ..good(run) };
                assert_eq!(broken_bounds(&report, &[]).is_empty(), may_be_cut, "{run}");
            }
            let crashed = Report {
                exit: Some(exit(None, Some(11), false)),
                ..good(run)
            };
            assert_eq!(broken_bounds(&crashed, &[]), ["exit-code"]);
        }
    }

    #[test]
    fn bounds_are_the_callers() {
        let report = Report {
            exit: Some(exit(Some(3), None, false)),
            readiness_off_seconds: Some(1.5),
            requests: BTreeMap::from([(
                Source::New,
                Tally {
                    sent: 3,
                    answered: 2,
                    failed: BTreeMap::from([(Outcome::Reset, 1)]),
                    ..Tally::default()
                },
            )]),
            ..good(Kind::Plain)
        };
        let all = ["exit-code", "max-failed", "readiness-lag"];
        assert_eq!(broken_bounds(&report, &[]), all);
        let wide = [
            "--exit-code",
            "3",
            "--max-failed",
            "1",
            "--readiness-lag",
            "2s",
        ];
        assert_eq!(broken_bounds(&report, &wide), [""; 0]);
    }

    #[test]
    fn what_to_do_about_one_that_does_not_end_is_said_by_what_it_made_of_the_signal() {
        for (run, disposition, advice) in [
            (
                Kind::Plain,
                Disposition::Caught,
                "give each part of the stop a limit",
            ),
            (Kind::Plain, Disposition::Ignored, "it ignores the signal"),
            (Kind::Pid1, Disposition::Default, "run it under an init"),
            (Kind::Pid1, Disposition::Caught, "run it under an init"),
        ] {
            let report = Report {
                exit: Some(exit(None, Some(9), true)),
                signal_disposition: Some(disposition),
                ..good(run)
            };
            let found = broken(&report, &bounds(&[]), Signal::Term);
            assert!(found[0].text.contains(advice), "{}", found[0].text);
        }
    }

    #[test]
    fn a_second_signal_ends_it_at_once() {
        let after = |seconds| Report {
            exit_after_second_seconds: Some(seconds),
            ..good(Kind::SecondSignal)
        };
        assert_eq!(broken_bounds(&after(1.9), &[]), [""; 0]);
        assert_eq!(broken_bounds(&after(2.1), &[]), ["second-signal-within"]);
    }

    #[test]
    fn output_is_looked_at_where_nothing_keeps_it() {
        let output = Written {
            bytes: 4,
            cut_line: Some("half".to_owned()),
            missing: Vec::new(),
            access_lines: Some(0),
        };
        let report = |run| Report {
            output: output.clone(),
            ..good(run)
        };
        assert_eq!(broken_bounds(&report(Kind::Plain), &[]), ["output"]);
        let mut long = report(Kind::Plain);
        long.output.cut_line = Some("y".repeat(1_000_000));
        let found = broken(&long, &bounds(&[]), Signal::Term);
        let text = &found[0].text;
        assert!(text.len() < 300 && text.contains("y\"…;"), "{text}");
        assert_eq!(broken_bounds(&report(Kind::FullStderr), &[]), [""; 0]);
    }

    #[test]
    fn a_shell_is_named_in_the_place_of_what_it_started() {
        for (run, exit) in [
            (Kind::Plain, exit(None, Some(15), false)),
            (Kind::Pid1, exit(None, Some(9), true)),
        ] {
            let report = Report {
                exit: Some(exit),
                shell: Some("sh".to_owned()),
                ..good(run)
            };
            let found = broken(&report, &bounds(&[]), Signal::Term);
            let text = &found[0].text;
            assert!(
                text.contains("the shell `sh`") && text.contains("`exec`"),
                "{text}"
            );
        }
    }

    #[test]
    fn the_table_names_each_bound_that_is_broken_below_its_run() {
        let mut plain = Report {
            exit: Some(exit(None, Some(15), false)),
            requests: BTreeMap::from([(
                Source::KeepAlive,
                Tally {
                    sent: 210,
                    answered: 200,
                    refused_after: 3,
                    failed: BTreeMap::from([(Outcome::Reset, 5), (Outcome::Cut, 2)]),
                    slowest_seconds: 0.1,
                },
            )]),
            readiness_off_seconds: Some(0.002),
            streams: vec![
                StreamEnd {
                    name: "events",
                    end: End::Cut,
                    seconds: 0.003,
                },
                StreamEnd {
                    name: "websocket",
                    end: End::Ended(Some(1001)),
                    seconds: 0.004,
                },
            ],
            processes_left: vec!["worker (42)".to_owned()],
            ..good(Kind::Plain)
        };
        plain.broken = broken(&plain, &bounds(&[]), Signal::Term);
        let skipped = Report {
            skipped: Some("unshare: not permitted".to_owned()),
            ..Report::new(Kind::Pid1)
        };
        assert_eq!(
            Table(&[plain, good(Kind::StartUp), skipped]).to_string(),
            "  run       ready    ended    code       answered  failed  refused  unready  streams
! plain     0.100 s  0.250 s  signal 15  200       7       3        0.002 s  events cut, websocket closed (1001)
    exit-code: SIGTERM killed it: it does not handle the signal
    max-failed: 7 of 210 requests failed, at most 0: 5 reset (keep-alive), 2 cut off in the answer (keep-alive); answer what was asked before you exit
    events: the stream of events was cut 0.003 s after SIGTERM; end the answer at the signal, so that the client comes back at once
    left: worker (42) outlives it: signal and wait for what you start
  start-up  0.100 s  0.250 s  0          -         -       -        -        -
- pid1      -        -        -          -         -       -        -        -
    skipped: unshare: not permitted
"
        );
    }
}
