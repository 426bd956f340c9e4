//! A real server: on a port of its own, with its data in a temporary folder.

use super::ports::free_port;
use super::sockets::is_asked;
use super::user::ends_with_its_test;
use super::{Network, REQUIRE, say, servers_are_required};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs::File;
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a server may take to come up on a busy machine: `RabbitMQ` took more than 50 s at a load of 20.
const COMES_UP_WITHIN: Duration = Duration::from_secs(150);

/// Who is about to ask does so by then, or waits for an answer already.
const ASKED_WITHIN: Duration = Duration::from_secs(1);

/// Somebody of another program may have taken the port between its choice and the server's start.
const ATTEMPTS: usize = 3;

/// How one kind of server is started.
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    /// Its program: a name that is looked for in `PATH`, or an absolute path.
    pub(crate) program: &'static str,
    /// What installs it.
    pub(crate) install: &'static str,
    /// Fills the empty folder, and returns how the server is started.
    pub(crate) command: fn(program: &Path, folder: &Path, ports: Ports) -> Command,
}

/// The ports of a server.
#[derive(Clone, Copy)]
pub(crate) struct Ports {
    /// Where it listens.
    pub(crate) own: u16,
    /// Where clients reach it: what some servers tell them. Its own, unless there is a network between.
    pub(crate) told: u16,
}

/// A server that runs; killed with all that it has started when it is dropped.
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    group: Pid,
    port: u16,
    folder: TempDir,
}

impl Recipe {
    /// Starts one. None where it is not installed: that is said, and a failure where servers are required.
    #[track_caller]
    pub(crate) fn start(&self) -> Option<Server> {
        self.start_told_of(None)
    }

    /// The same, for clients that reach it through this network.
    #[track_caller]
    pub(crate) fn start_behind(&self, network: &Network) -> Option<Server> {
        let server = self.start_told_of(Some(network.port()))?;
        network.lead_to(server.port());
        Some(server)
    }

    #[track_caller]
    fn start_told_of(&self, told: Option<u16>) -> Option<Server> {
        let Some(program) = find(self.program) else {
            let missing = format!("{} is not installed: {}", self.name, self.install);
            assert!(!servers_are_required(), "{REQUIRE} is set, and {missing}");
            let test = std::thread::current().name().map(str::to_owned);
            say(&format!(
                "left out: {}: {missing}",
                test.unwrap_or_default()
            ));
            return None;
        };
        for _ in 0..ATTEMPTS {
            let mut server = self.start_once(&program, told);
            if server.comes_up() {
                return Some(server);
            }
            say(&format!("{} has ended: {}", self.name, server.log()));
        }
        panic!("{} does not start", self.name);
    }

    fn start_once(&self, program: &Path, told: Option<u16>) -> Server {
        let folder = tempfile::Builder::new()
            // Servers that run as a user of their own have to reach it.
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .expect("a folder");
        let port = free_port();
        let ports = Ports {
            own: port,
            told: told.unwrap_or(port),
        };
        let log = File::create(folder.path().join("log")).expect("it can be written");
        let child = ends_with_its_test(&(self.command)(program, folder.path(), ports))
            .current_dir(folder.path())
            // What a server starts is stopped and ended with it.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("it can be started");
        let pid = i32::try_from(child.id()).expect("a process id");
        Server {
            name: self.name,
            group: Pid::from_raw(pid).expect("not zero"),
            child,
            port,
            folder,
        }
    }
}

impl Server {
    /// Where it listens, on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where its data is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it has written so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// It answers nobody any more; the kernel still accepts connections and data for it.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// It answers nobody any more, and somebody waits for an answer.
    #[track_caller]
    pub(crate) fn freeze_when_asked(&self) {
        let until = Instant::now() + COMES_UP_WITHIN;
        self.freeze();
        while !self.is_asked_soon() {
            assert!(Instant::now() < until, "nobody asks {}", self.name);
            // It may have read all that it was asked, and whoever waits for that asks nothing more.
            self.thaw();
            sleep(Duration::from_millis(10));
            self.freeze();
        }
    }

    fn is_asked_soon(&self) -> bool {
        let until = Instant::now() + ASKED_WITHIN;
        while !is_asked(self.port) && Instant::now() < until {
            sleep(Duration::from_millis(10));
        }
        is_asked(self.port)
    }

    /// It goes on.
    pub(crate) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// It is gone at once, and its connections are reset.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.child.wait().expect("it is our child");
    }

    /// To each of its processes: some servers give those a group of their own.
    fn signal(&self, signal: Signal) {
        kill_process_group(self.group, signal)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        for process in children(self.group) {
            // It may have ended by itself.
            let _ = kill_process(process, signal);
        }
    }

    /// Whether it accepts connections; not where it has ended.
    fn comes_up(&mut self) -> bool {
        let until = Instant::now() + COMES_UP_WITHIN;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if self.child.try_wait().expect("it is our child").is_some() {
                return false;
            }
            assert!(Instant::now() < until, "{}: {}", self.name, self.log());
            sleep(Duration::from_millis(10));
        }
        true
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended, nobody is left in its group.
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.child.wait();
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian has servers there, where not every shell looks.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Of this process and, in turn, of theirs.
fn children(process: Pid) -> Vec<Pid> {
    let file = format!("/proc/{process}/task/{process}/children");
    let numbers = std::fs::read_to_string(file).unwrap_or_default();
    let processes = numbers
        .split_whitespace()
        .filter_map(|number| Pid::from_raw(number.parse().ok()?));
    processes
        .flat_map(|process| std::iter::once(process).chain(children(process)))
        .collect()
}
