//! Rehearsals of real programs: our own passes, and of others it is found what each does wrong.

#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test")]

use crate::kit::{Rehearsal, built, free_port};
use graceful::Signal;
use graceful::testing::Program;
use serde_json::Value;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

fn example(name: &str) -> String {
    let program = built(&format!("examples/{name}"));
    let program = program.expect("build it first: cargo test --package graceful-cli");
    program.display().to_string()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// Whether a tool is there; says that the test is skipped where it is not.
fn has(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("version").output().is_ok();
    if !is_there {
        eprintln!("skipped: {tool} is not installed");
    }
    is_there
}

impl Rehearsal {
    fn run(&self, name: &str) -> &Value {
        let runs = self.json["runs"].as_array().unwrap();
        runs.iter().find(|run| run["run"] == name).unwrap()
    }

    /// The bounds that a run has broken.
    fn broken(&self, name: &str) -> Vec<&str> {
        let broken = self.run(name)["broken"].as_array().unwrap();
        broken
            .iter()
            .map(|it| it["bound"].as_str().unwrap())
            .collect()
    }

    /// Where a process can't be the first one of a namespace, which that run says.
    fn has_pid_1(&self) -> bool {
        let skipped = &self.run("pid1")["skipped"];
        if !skipped.is_null() {
            eprintln!("skipped: {skipped}");
        }
        skipped.is_null()
    }
}

/// What a server of the fixtures is asked.
fn urls(port: u16) -> Vec<String> {
    let options = [("--url", "/"), ("--slow", "/slow"), ("--events", "/events")];
    let url = |(option, path): (&str, &str)| {
        [option.to_owned(), format!("http://127.0.0.1:{port}{path}")]
    };
    options.into_iter().flat_map(url).collect()
}

fn server(variables: &[(&str, &str)], options: &[&str], program: &[&str]) -> Rehearsal {
    let port = free_port();
    let urls = urls(port);
    let urls = urls.iter().map(String::as_str);
    let options: Vec<_> = urls.chain(options.iter().copied()).collect();
    let port = port.to_string();
    let variables: Vec<_> = variables
        .iter()
        .copied()
        .chain([("PORT", port.as_str())])
        .collect();
    Rehearsal::of(&variables, &options, program)
}

#[test]
fn a_service_of_ours_stops_well_whatever_it_is_put_through() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("orders.db");
    let (http, admin) = (free_port(), free_port());
    let variables = [
        ("PORT", http.to_string()),
        ("ADMIN_PORT", admin.to_string()),
        ("DATABASE", database.display().to_string()),
    ];
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let rehearsal = Rehearsal::of(
        &variables,
        &[
            "--url",
            &format!("http://127.0.0.1:{http}/orders"),
            "--body",
            r#"{"item":"tea"}"#,
            "--header",
            "content-type: application/json",
            "--ready",
            &format!("http://127.0.0.1:{admin}/readyz"),
            // Last of all, it says how it went.
            "--expect-output",
            "stopped after SIGTERM",
            // Such that a busy machine keeps them.
            "--readiness-lag",
            "10s",
            "--second-signal-within",
            "10s",
        ],
        &[&example("order_service")],
    );
    rehearsal.assert_passed();
    let plain = rehearsal.run("plain");
    assert!(
        plain["requests"]["new"]["answered"].as_u64().unwrap() > 0,
        "{plain:#}"
    );
    assert_eq!(plain["exit"]["code"], 0);
    assert_eq!(plain["signal_disposition"], "caught");
    assert!(plain["readiness_off_seconds"].is_number(), "{plain:#}");
    // A client that never ends its request is what the second signal does not wait for.
    assert_eq!(rehearsal.run("second-signal")["exit"]["code"], 143);
}

/// Each is killed by the signal, with what was in flight.
fn is_killed(rehearsal: &Rehearsal, run: &str) {
    assert_eq!(rehearsal.code, Some(1));
    let found = rehearsal.run(run);
    assert_eq!(found["exit"]["by_signal"], 15, "{found:#}");
    assert_eq!(
        rehearsal.broken(run),
        ["exit-code", "max-failed", "events"],
        "{found:#}"
    );
    let failed = found["requests"]["slow"]["failed"].as_object().unwrap();
    let failed: u64 = failed.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(failed, 5, "{found:#}");
}

const SHORT: [&str; 2] = ["--grace", "2s"];

#[test]
fn a_plain_axum_server_drops_what_is_in_flight_and_is_deaf_as_the_first_process() {
    let port = free_port();
    let socket = format!("ws://127.0.0.1:{port}/ws");
    let options = [
        SHORT.as_slice(),
        &["--runs", "plain,pid1", "--websocket", &socket],
    ]
    .concat();
    let urls = urls(port);
    let options: Vec<_> = urls.iter().map(String::as_str).chain(options).collect();
    let rehearsal = Rehearsal::of(
        &[("PORT", &port.to_string())],
        &options,
        &[&example("plain_axum")],
    );
    let plain = rehearsal.run("plain");
    assert_eq!(plain["exit"]["by_signal"], 15, "{plain:#}");
    let broken = ["exit-code", "max-failed", "events", "websocket"];
    assert_eq!(rehearsal.broken("plain"), broken, "{plain:#}");
    if rehearsal.has_pid_1() {
        let first = rehearsal.run("pid1");
        assert_eq!(first["exit"]["killed"], true, "{first:#}");
        assert_eq!(rehearsal.broken("pid1")[0], "grace");
    }
}

#[test]
fn a_drain_that_waits_for_every_client_does_not_end_and_is_deaf_to_a_second_signal() {
    let options = ["--grace", "6s", "--runs", "plain,second-signal"];
    let rehearsal = server(&[("DRAINS", "1")], &options, &[&example("plain_axum")]);
    let plain = rehearsal.run("plain");
    assert_eq!(plain["exit"]["killed"], true, "{plain:#}");
    // Between them, sometimes, `max-failed`: who connected last may be reset, or closed without an answer.
    let broken = rehearsal.broken("plain");
    assert_eq!(
        (broken[0], broken[broken.len() - 1]),
        ("grace", "events"),
        "{plain:#}"
    );
    assert_eq!(plain["requests"]["slow"]["answered"], 5, "{plain:#}");
    assert_eq!(rehearsal.broken("second-signal"), ["grace"]);
}

#[test]
fn a_plain_go_server_drops_what_is_in_flight_and_says_that_it_failed_as_the_first_process() {
    if !has("go") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("server");
    let build = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &fixture("server.go")])
        .status();
    assert!(build.unwrap().success());
    let options = [SHORT.as_slice(), &["--runs", "plain,pid1"]].concat();
    let rehearsal = server(&[], &options, &[&program.display().to_string()]);
    is_killed(&rehearsal, "plain");
    if rehearsal.has_pid_1() {
        let first = rehearsal.run("pid1");
        assert_eq!(first["exit"]["code"], 2, "{first:#}");
        assert_eq!(rehearsal.broken("pid1")[0], "exit-code");
    }
}

#[test]
fn a_plain_node_server_drops_what_is_in_flight_and_is_deaf_as_the_first_process() {
    if !has("node") {
        return;
    }
    let program = fixture("server.js").display().to_string();
    let options = [SHORT.as_slice(), &["--runs", "plain,pid1"]].concat();
    let rehearsal = server(&[], &options, &["node", &program]);
    is_killed(&rehearsal, "plain");
    if rehearsal.has_pid_1() {
        let first = rehearsal.run("pid1");
        assert_eq!(first["exit"]["killed"], true, "{first:#}");
    }
}

#[test]
fn a_shell_that_keeps_the_signal_leaves_the_program_behind() {
    let port = free_port();
    let command = format!("{} & wait", example("plain_axum"));
    let url = format!("http://127.0.0.1:{port}/");
    let rehearsal = Rehearsal::of(
        &[("PORT", &port.to_string())],
        &["--url", &url, "--grace", "5s", "--runs", "plain"],
        &["sh", "-c", &command],
    );
    let plain = rehearsal.run("plain");
    assert_eq!(
        rehearsal.broken("plain"),
        ["exit-code", "left", "left"],
        "{plain:#}"
    );
    let left = plain["processes_left"][0].as_str().unwrap();
    assert!(left.starts_with("plain_axum ("), "{left}");
    assert_eq!(plain["sockets_left"][0], format!("port {port}"));
    // It was ended with the rehearsal.
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
}

#[test]
fn output_that_is_lost_is_named() {
    let script = "trap 'printf \"half a li\"; exit 0' TERM; echo answered; sleep 60 & wait";
    let options = [
        "--runs",
        "plain",
        "--grace",
        "5s",
        "--expect-output",
        "stopped",
        "--expect-output",
        "answered",
    ];
    let rehearsal = Rehearsal::of(&[], &options, &["bash", "-c", script]);
    let plain = rehearsal.run("plain");
    assert_eq!(
        rehearsal.broken("plain"),
        ["left", "output", "expect-output"],
        "{plain:#}"
    );
    assert_eq!(plain["output"]["cut_line"], "half a li");
    assert_eq!(plain["output"]["missing"], serde_json::json!(["stopped"]));
}

#[test]
fn a_signal_in_the_start_up_that_is_not_heard_is_a_finding() {
    let script = "trap '' TERM; exec sleep 60";
    let options = ["--runs", "start-up", "--grace", "1s"];
    let rehearsal = Rehearsal::of(&[], &options, &["sh", "-c", script]);
    assert_eq!(rehearsal.broken("start-up"), ["grace"]);
    let run = rehearsal.run("start-up");
    assert_eq!(run["signal_disposition"], "ignored");
    let text = run["broken"][0]["text"].as_str().unwrap();
    assert!(text.contains("it ignores the signal"), "{text}");
}

#[test]
fn a_log_that_nobody_reads_keeps_a_program_from_its_end() {
    let script = "trap 'echo stopping >&2; exit 0' TERM; while :; do sleep 0.1; done";
    let options = ["--runs", "plain,full-stderr", "--grace", "2s"];
    let rehearsal = Rehearsal::of(&[], &options, &["bash", "-c", script]);
    assert_eq!(rehearsal.broken("plain"), [""; 0]);
    assert_eq!(rehearsal.broken("full-stderr"), ["grace"]);
}

#[test]
fn a_program_that_does_not_start_is_no_rehearsal() {
    for (program, words) in [
        (
            &["/no/such/program"][..],
            "could not start /no/such/program",
        ),
        (
            &["sh", "-c", "echo the reason >&2; exit 3"],
            "it ended before it was ready (exit status: 3)\n    the reason",
        ),
        (&["sleep", "60"], "/ was refused then"),
        // A daemon: what was started is not what serves.
        (
            &["sh", "-c", "sleep 60 & exit 0"],
            "it ended before it was ready (exit status: 0); it has left sleep (",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args([
                "rehearse",
                "--start-timeout",
                "1s",
                "--url",
                &format!("http://127.0.0.1:{}/", free_port()),
                "--",
            ])
            .args(program)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
}

/// Often the address is what is wrong, and not the program.
#[test]
fn a_program_that_is_ready_elsewhere_says_where() {
    let (asked, serves) = (free_port(), free_port());
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .env("PORT", serves.to_string())
        .args(["rehearse", "--start-timeout", "2s", "--url"])
        .args([
            &format!("http://127.0.0.1:{asked}/"),
            "--",
            &example("plain_axum"),
        ])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let words = format!("/ was refused then; it listens on port {serves}");
    assert!(stderr.contains(&words), "{stderr}");
}

#[test]
fn a_port_with_tls_is_refused_with_what_to_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["rehearse", "--url", "https://127.0.0.1/", "--", "true"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("a rehearsal speaks no TLS"), "{stderr}");
}

/// A batch job's end is no stop.
#[test]
fn a_program_that_ends_before_the_signal_is_no_rehearsal() {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["rehearse", "--", "echo", "done"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let words = "it ended by itself, before the signal\n    done";
    assert!(stderr.contains(words), "{stderr}");
}

/// Else it would be the other one that is asked.
#[test]
fn a_program_whose_port_somebody_else_has_is_no_rehearsal() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let ready = other.local_addr().unwrap().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["rehearse", "--ready", &ready, "--", "sleep", "60"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let words = format!("{ready} says that it is ready before the program is started");
    assert!(stderr.contains(&words), "{stderr}");
}

/// Nobody can tell when it is ready, and nobody asks it for anything.
#[test]
fn a_program_without_an_address_is_rehearsed_and_the_rest_is_said() {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["rehearse", "--runs", "plain", "--", "bash", "-c"])
        .arg("trap 'exit 0' TERM; while :; do sleep 0.1; done")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("no request was sent"), "{stderr}");
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("  plain  -  "), "{table}");
}

#[test]
fn a_rehearsal_that_is_interrupted_leaves_nothing_behind() {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}/");
    let mut rehearsal = Program::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["rehearse", "--url", &url, "--before", "60s", "--"])
        .arg(example("plain_axum"))
        .env("PORT", port.to_string())
        .start();
    rehearsal.wait_for_port(("127.0.0.1", port));
    let ended = rehearsal.signal(Signal::Interrupt).end();
    ended.assert_code(2).assert_stderr(&["it was interrupted"]);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
