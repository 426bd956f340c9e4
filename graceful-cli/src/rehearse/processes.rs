//! The processes of a program, and what they listen on, as `/proc` has them.

use anyhow::Context as _;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long the children of a program may take to end after it: the kernel needs a moment too.
const TO_END: Duration = Duration::from_millis(250);

/// One that was started by the program, or by one that it started.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Process {
    pub(super) pid: i32,
    pub(super) name: String,
}

/// What a program can be reached by from outside.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    ports: BTreeSet<u16>,
    paths: BTreeSet<PathBuf>,
}

/// Lets whatever outlives its parent become a child of this process: else nobody could say whose it was.
pub(super) fn adopt_orphans() -> anyhow::Result<()> {
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
        .context("children that outlive the program can't be found: adopting them failed")
}

/// What becomes of a signal that a process is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Disposition {
    /// The program has a handler, were it only one that raises it again.
    Caught,
    /// Nothing: it was told so, or has inherited it.
    Ignored,
    /// It ends the process, unless that is the first one of its namespace.
    Default,
}

impl Disposition {
    /// As the kernel has it at the moment.
    pub(super) fn of(pid: i32, signal: Signal) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let bit = 1_u64 << (signal.as_raw() - 1);
        let has = |mask: &str| {
            let mask = status.lines().find_map(|line| line.strip_prefix(mask))?;
            Some(u64::from_str_radix(mask.trim(), 16).ok()? & bit != 0)
        };
        Some(match (has("SigIgn:")?, has("SigCgt:")?) {
            (true, _) => Self::Ignored,
            (false, true) => Self::Caught,
            (false, false) => Self::Default,
        })
    }
}

struct Stat {
    name: String,
    parent: i32,
    is_zombie: bool,
}

fn stat(pid: i32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses, and may hold some itself.
    let (before, after) = text.rsplit_once(") ")?;
    let mut fields = after.split(' ');
    Some(Stat {
        name: before.split_once('(')?.1.to_owned(),
        is_zombie: fields.next()? == "Z",
        parent: fields.next()?.parse().ok()?,
    })
}

/// All that descend from `ancestor`, dead ones too.
fn descendants(ancestor: i32) -> Vec<(i32, Stat)> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut stats: HashMap<i32, Stat> = pids.filter_map(|pid| Some((pid, stat(pid)?))).collect();
    let (mut found, mut parents) = (Vec::new(), HashSet::from([ancestor]));
    loop {
        let children: Vec<i32> = stats
            .iter()
            .filter(|(_, stat)| parents.contains(&stat.parent))
            .map(|(&pid, _)| pid)
            .collect();
        if children.is_empty() {
            return found;
        }
        for pid in children {
            parents.insert(pid);
            found.extend(stats.remove(&pid).map(|stat| (pid, stat)));
        }
    }
}

/// The first child of a process.
pub(super) fn child(parent: i32) -> Option<i32> {
    let mut all = descendants(parent).into_iter();
    all.find(|(_, stat)| stat.parent == parent && !stat.is_zombie)
        .map(|(pid, _)| pid)
}

/// The name of a shell that waits for what it has started, and so keeps a signal that is meant for that.
pub(super) fn shell(pid: i32) -> Option<String> {
    const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ash", "zsh", "ksh"];

    let name = stat(pid)?.name;
    (SHELLS.contains(&&*name) && child(pid).is_some()).then_some(name)
}

/// Which of a program's children live on, though it has ended. They are killed then: the next run needs their ports.
pub(super) fn left() -> Vec<Process> {
    let own = rustix::process::getpid().as_raw_nonzero().get();
    let began = Instant::now();
    loop {
        let (dead, alive): (Vec<_>, Vec<_>) = descendants(own)
            .into_iter()
            .partition(|(_, stat)| stat.is_zombie);
        for (pid, _) in dead {
            reap(pid);
        }
        if alive.is_empty() || began.elapsed() > TO_END {
            let mut left: Vec<_> = alive
                .into_iter()
                .map(|(pid, stat)| Process {
                    pid,
                    name: stat.name,
                })
                .collect();
            left.sort();
            return left;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Ends those that were [left].
pub(super) fn end(processes: &[Process]) {
    for process in processes {
        if let Some(pid) = Pid::from_raw(process.pid) {
            // One that has ended meanwhile needs no end.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
    // Those of one that is killed become ours.
    left();
}

fn reap(pid: i32) {
    if let Some(pid) = Pid::from_raw(pid) {
        // One that is not our own child belongs to its parent.
        let _ = waitpid(Some(pid), WaitOptions::NOHANG);
    }
}

impl Listeners {
    /// Of a process and all that descend from it.
    pub(super) fn of(pid: i32) -> Self {
        let mut inodes = HashSet::new();
        for pid in std::iter::once(pid).chain(descendants(pid).into_iter().map(|(pid, _)| pid)) {
            let files = fs::read_dir(format!("/proc/{pid}/fd"));
            for file in files.into_iter().flatten().flatten() {
                let Ok(target) = fs::read_link(file.path()) else {
                    continue;
                };
                let name = target.to_string_lossy();
                let inode = name
                    .strip_prefix("socket:[")
                    .and_then(|it| it.strip_suffix(']'));
                inodes.extend(inode.map(str::to_owned));
            }
        }
        let is_own = |inode: &str| inodes.contains(inode);
        Self {
            ports: ports(is_own),
            paths: paths(is_own),
        }
    }

    /// What there is of them; none where it listens on nothing.
    pub(super) fn words(&self) -> Option<String> {
        let ports = self.ports.iter().map(|port| format!("port {port}"));
        let paths = self.paths.iter().map(|path| path.display().to_string());
        let all: Vec<_> = ports.chain(paths).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// Which of them are still there, though their program has ended.
    pub(super) fn left(&self) -> Vec<String> {
        let ports = ports(|_| true);
        let ports = self
            .ports
            .intersection(&ports)
            .map(|port| format!("port {port}"));
        let files = self.paths.iter().filter(|path| path.exists());
        ports
            .chain(files.map(|path| path.display().to_string()))
            .collect()
    }
}

/// The TCP ports in state LISTEN whose inode is asked for.
fn ports(is_wanted: impl Fn(&str) -> bool) -> BTreeSet<u16> {
    const LISTEN: &str = "0A";
    let mut ports = BTreeSet::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let Ok(table) = fs::read_to_string(table) else {
            continue;
        };
        for line in table.lines().skip(1) {
            let columns: Vec<_> = line.split_whitespace().collect();
            let (Some(local), Some(&state), Some(&inode)) =
                (columns.get(1), columns.get(3), columns.get(9))
            else {
                continue;
            };
            let port = local.rsplit_once(':').map(|(_, port)| port);
            let port = port.and_then(|port| u16::from_str_radix(port, 16).ok());
            if state == LISTEN && is_wanted(inode) {
                ports.extend(port);
            }
        }
    }
    ports
}

/// The paths of Unix sockets that accept, and whose inode is asked for.
fn paths(is_wanted: impl Fn(&str) -> bool) -> BTreeSet<PathBuf> {
    const ACCEPTS: &str = "00010000";
    let table = fs::read_to_string("/proc/net/unix").unwrap_or_default();
    let mut paths = BTreeSet::new();
    for line in table.lines().skip(1) {
        let columns: Vec<_> = line.split_whitespace().collect();
        if let [_, _, _, ACCEPTS, _, _, inode, path] = columns[..] {
            // Those without a file begin with `@`.
            if is_wanted(inode) && Path::new(path).is_absolute() {
                paths.insert(path.into());
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn what_becomes_of_a_signal_is_read() {
        for (trap, disposition) in [
            ("trap : TERM;", Disposition::Caught),
            ("trap '' TERM;", Disposition::Ignored),
            ("", Disposition::Default),
        ] {
            // It says so once the trap is set, and lives until its input is closed.
            let mut shell = Command::new("sh")
                .args(["-c", &format!("{trap} echo; read line")])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            shell.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
            let pid = shell.id().try_into().unwrap();
            assert_eq!(Disposition::of(pid, Signal::TERM), Some(disposition));
            drop(shell.stdin.take());
            shell.wait().unwrap();
        }
    }

    #[test]
    fn what_a_process_listens_on_is_found_and_seen_to_be_gone() {
        let socket = std::env::temp_dir().join(format!("graceful-cli-{}", std::process::id()));
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let unix = UnixListener::bind(&socket).unwrap();
        let port = tcp.local_addr().unwrap().port();
        let own = rustix::process::getpid().as_raw_nonzero().get();

        let found = Listeners::of(own);
        assert!(found.ports.contains(&port), "{found:?}");
        assert!(found.paths.contains(&socket), "{found:?}");

        drop((tcp, unix));
        let port = format!("port {port}");
        // A child that another test starts holds what this process had open, until it runs its program.
        let by = Instant::now() + Duration::from_secs(30);
        while found.left().contains(&port) {
            assert!(Instant::now() < by, "{found:?}");
            thread::yield_now();
        }
        assert!(found.left().contains(&socket.display().to_string()));
        fs::remove_file(&socket).unwrap();
        assert!(!found.left().contains(&socket.display().to_string()));
    }
}
