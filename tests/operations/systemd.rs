//! What systemd is told, over a real socket.

use crate::{LOST, program};
use graceful::Signal;
use graceful::testing::{Ended, Process, Program};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// In the place of systemd.
struct Manager {
    socket: UnixDatagram,
    folder: TempDir,
    told: Vec<(Instant, String)>,
}

impl Manager {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = UnixDatagram::bind(folder.path().join("notify")).expect("a socket");
        socket.set_read_timeout(Some(ms(20))).expect("a timeout");
        Self {
            socket,
            folder,
            told: Vec::new(),
        }
    }

    fn start(&self, name: &str, variables: &[(&str, &str)]) -> Process {
        let mut program = program(name).env("NOTIFY_SOCKET", self.folder.path().join("notify"));
        for (name, value) in variables {
            program = program.env(name, value);
        }
        program.start()
    }

    /// Takes what there is.
    fn listen(&mut self) {
        let mut message = [0; 4096];
        while let Ok(length) = self.socket.recv(&mut message) {
            let text = String::from_utf8_lossy(&message[..length]);
            let lines = text.lines().map(|line| (Instant::now(), line.to_owned()));
            self.told.extend(lines);
        }
    }

    fn wait_for(&mut self, line: &str) -> Instant {
        let began = Instant::now();
        loop {
            self.listen();
            if let Some((at, _)) = self.told.iter().find(|(_, told)| told.starts_with(line)) {
                return *at;
            }
            let waits = began.elapsed() < Duration::from_secs(20);
            assert!(waits, "nobody said {line}: {:#?}", self.told);
        }
    }

    /// Takes what there is until the program has ended.
    fn end(&mut self, process: &mut Process) -> Ended {
        while process.runs() {
            self.listen();
        }
        self.listen();
        process.end()
    }

    fn when(&self, line: &str) -> Vec<Instant> {
        let told = self.told.iter();
        let told = told.filter(|(_, told)| told.starts_with(line));
        told.map(|(at, _)| *at).collect()
    }

    fn lines(&self) -> Vec<&str> {
        self.told.iter().map(|(_, line)| &**line).collect()
    }
}

#[test]
fn a_service_is_ready_then_stopping_and_says_at_which_step() {
    let mut manager = Manager::new();
    let mut process = manager.start("notified", &[("CLOSE_MS", "1200")]);
    let ready = manager.wait_for("READY=1");
    process.signal(Signal::Terminate);
    manager.end(&mut process).assert_code(0);
    let stopping = manager.wait_for("STOPPING=1");
    let closing = manager.wait_for("STATUS=closing sender (sent ");
    let stopped = manager.wait_for("STATUS=stopped after SIGTERM in ");
    assert!(ready < stopping && stopping <= closing && closing < stopped);
    let lines = manager.lines();
    assert!(
        lines.contains(&"STATUS=stopping after SIGTERM"),
        "{lines:#?}"
    );
    // No watchdog was asked for.
    assert!(!lines.contains(&"WATCHDOG=1"), "{lines:#?}");
}

#[test]
fn more_time_is_asked_for_only_while_there_is_progress() {
    let mut manager = Manager::new();
    let variables = [("CLOSE_MS", "3000"), ("HANGS", "1")];
    let mut process = manager.start("notified", &variables);
    manager.wait_for("READY=1");
    process.signal(Signal::Terminate);
    manager.end(&mut process).assert_code(1);
    let lines = manager.lines();
    let hangs = lines
        .iter()
        .position(|line| line.starts_with("STATUS=closing hangs"));
    let (meanwhile, later) = lines.split_at(hangs.expect("it closes what hangs"));
    let asked = |lines: &[&str]| {
        let asks = |line: &&&str| line.starts_with("EXTEND_TIMEOUT_USEC=");
        lines.iter().filter(asks).count()
    };
    // Every 300 ms it says something new, and every 200 ms it is looked at: on a busy machine less often.
    assert!(asked(meanwhile) >= 3, "{:#?}", manager.told);
    // For 1.5 s: once as it begins, and once as it is cut.
    assert!(asked(later) <= 2, "{:#?}", manager.told);
    // Never for more than the stop itself has.
    for line in manager.lines() {
        if let Some(more) = line.strip_prefix("EXTEND_TIMEOUT_USEC=") {
            let more: u64 = more.parse().expect("a number");
            assert!(more > 0 && more <= 5_000_000, "{line}");
        }
    }
}

#[test]
fn the_watchdog_is_fed_only_while_the_runtime_answers() {
    let mut manager = Manager::new();
    let watchdog = [("WATCHDOG_USEC", "400000")];
    let mut process = manager.start("notified, then blocked", &watchdog);
    process.wait_for_line("blocked from here on");
    manager.listen();
    let fed = manager.when("WATCHDOG=1").len();
    assert!(fed >= 2, "{:#?}", manager.told);
    // What was under way.
    std::thread::sleep(ms(1000));
    manager.listen();
    let before = manager.when("WATCHDOG=1").len();
    std::thread::sleep(ms(1200));
    manager.listen();
    assert_eq!(
        manager.when("WATCHDOG=1").len(),
        before,
        "{:#?}",
        manager.told
    );
    // In the stop its own deadline is the watchdog.
    process.signal(Signal::Terminate);
    manager.end(&mut process).assert_within(ms(8000));
    assert!(
        manager.when("WATCHDOG=1").len() > before,
        "{:#?}",
        manager.told
    );
}

#[test]
fn where_nobody_listens_nothing_happens() {
    let mut process = program("notified").env_remove("NOTIFY_SOCKET").start();
    process.wait_for_line("somebody listens: false");
    process.signal(Signal::Terminate).end().assert_code(0);
}

/// A unit of a user's manager.
struct Unit(String);

impl Unit {
    /// Returns once systemd has heard that it is ready.
    fn start(name: &str, settings: &[&str], program: &str) -> Self {
        let unit = format!("graceful-{name}-{}", std::process::id());
        let mut run = Command::new("systemd-run");
        run.args(["--user", "--service-type=notify", "--unit", &unit]);
        for setting in settings {
            run.arg(setting);
        }
        let started = run.arg(env!("CARGO_BIN_EXE_operations")).arg(program);
        let started = started.status().expect("systemd-run is there");
        assert!(
            started.success(),
            "it was not ready: journalctl --user -u {unit}"
        );
        Self(unit)
    }

    fn systemctl(&self, arguments: &[&str]) -> String {
        let mut systemctl = Command::new("systemctl");
        let output = systemctl
            .arg("--user")
            .args(arguments)
            .arg(&self.0)
            .output();
        let output = output.expect("systemctl is there");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Until its status or its result has these words.
    fn wait_for(&self, words: &str) {
        let began = Instant::now();
        loop {
            let shown = self.systemctl(&["show", "--property=StatusText,Result,ActiveState"]);
            if shown.contains(words) {
                return;
            }
            let waits = began.elapsed() < Duration::from_secs(20);
            assert!(waits, "not {words}: {shown}");
            std::thread::sleep(ms(50));
        }
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        self.systemctl(&["kill", "--signal=KILL"]);
        self.systemctl(&["reset-failed"]);
    }
}

/// Three and a half seconds under `TimeoutStopSec=1`: without more time it would be killed.
#[test]
#[ignore = "needs a user's systemd: see docs/operations/systemd.md"]
fn under_a_real_systemd_a_stop_that_gets_on_is_not_killed() {
    let settings = ["--property=TimeoutStopSec=1s", "--setenv=CLOSE_MS=3500"];
    let unit = Unit::start("slow", &settings, "notified");
    unit.wait_for("StatusText=running");
    unit.systemctl(&["stop", "--no-block"]);
    unit.wait_for("StatusText=closing sender (sent ");
    unit.wait_for("ActiveState=inactive");
    unit.wait_for("Result=success");
}

#[test]
#[ignore = "needs a user's systemd: see docs/operations/systemd.md"]
fn under_a_real_systemd_a_service_whose_runtime_is_blocked_is_killed() {
    let unit = Unit::start(
        "blocked",
        &["--property=WatchdogSec=1s"],
        "notified, then blocked",
    );
    unit.wait_for("Result=watchdog");
}

/// The limit counts the threads of all of a user's processes, and holds for nobody who is root: so it is one who has nothing else,
/// who may not look into the folder of the build.
#[test]
fn without_a_thread_it_is_said_that_nobody_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let everybody = Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), everybody).expect("it is ours");
    let path = folder.path().join("operations");
    fs::copy(env!("CARGO_BIN_EXE_operations"), &path).expect("there is room");
    let id = Command::new("id").arg("-u").output().expect("it is there");
    let program = if id.stdout == b"0\n" {
        Program::new("setpriv")
            .args(["--reuid", "61989", "--regid", "61989", "--clear-groups"])
            .arg(path)
    } else {
        Program::new(path)
    };
    let program = program.arg("threadless").env("NOTIFY_SOCKET", "/nowhere");
    let ended = program.patience(LOST).start().end();
    ended.assert_code(0);
    ended.assert_stdout(&["somebody listens: false"]);
}
