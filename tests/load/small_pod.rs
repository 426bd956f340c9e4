//! The limits of a small pod, in control groups of its own: 128 MiB of memory, and a tenth of a processor.

use std::fs;
use std::io::Result;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

const MEMORY: u64 = 128 << 20;

/// A program that is held to these limits wherever [`program`](SmallPod::program) is started.
#[derive(Debug)]
pub struct SmallPod {
    folder: TempDir,
    memory: PathBuf,
    /// The file in which the kernel notes the most that was held.
    most: &'static str,
    cpu: PathBuf,
}

impl SmallPod {
    /// With `program` in it. None where this machine lets us make no such groups: it takes root, and control groups that can be written.
    ///
    /// # Panics
    ///
    /// Where no file can be written.
    pub fn with(program: &str) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        // Relaxed: the number alone.
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("graceful-{}-{count}", std::process::id());
        let folder = tempfile::tempdir().expect("a folder");
        let pod = Self::in_two_groups(&name, folder).ok()?;
        pod.write_program(program);
        Some(pod)
    }

    /// Version 1 has a tree for each resource, version 2 one for all.
    fn in_two_groups(name: &str, folder: TempDir) -> Result<Self> {
        let root = Path::new("/sys/fs/cgroup");
        let is_first = root.join("memory").is_dir();
        let (memory, cpu, most) = if is_first {
            let (memory, cpu) = (root.join("memory"), root.join("cpu"));
            (memory, cpu, "memory.max_usage_in_bytes")
        } else {
            (root.to_owned(), root.to_owned(), "memory.peak")
        };
        let pod = Self {
            folder,
            memory: memory.join(name),
            most,
            cpu: cpu.join(name),
        };
        fs::create_dir(&pod.memory)?;
        if is_first {
            fs::create_dir(&pod.cpu)?;
            let memory = MEMORY.to_string();
            fs::write(pod.memory.join("memory.limit_in_bytes"), memory)?;
            fs::write(pod.cpu.join("cpu.cfs_period_us"), "100000")?;
            fs::write(pod.cpu.join("cpu.cfs_quota_us"), "10000")?;
        } else {
            fs::write(pod.memory.join("memory.max"), MEMORY.to_string())?;
            fs::write(pod.cpu.join("cpu.max"), "10000 100000")?;
        }
        Ok(pod)
    }

    /// A script that enters the groups, and then becomes the program.
    fn write_program(&self, program: &str) {
        let (memory, cpu) = (self.memory.display(), self.cpu.display());
        let script = format!(
            "#!/bin/sh\necho $$ >{memory}/cgroup.procs\necho $$ >{cpu}/cgroup.procs\nexec {program}\n"
        );
        fs::write(self.program(), script).expect("it can be written");
        let may_run = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.program(), may_run).expect("it is ours");
    }

    /// What to start in place of the program.
    ///
    /// # Panics
    ///
    /// Where the folder for temporary files has no name in UTF-8.
    pub fn program(&self) -> String {
        let path = self.folder.path().join("program");
        path.into_os_string().into_string().expect("it is UTF-8")
    }

    /// The most memory that it held, in MiB.
    ///
    /// # Panics
    ///
    /// Where the kernel does not say it.
    pub fn most_memory(&self) -> u64 {
        let most = fs::read_to_string(self.memory.join(self.most)).expect("it is there");
        most.trim().parse::<u64>().expect("a number") >> 20
    }

    /// How often it had used up its part of a tenth of a second, and had to wait for the next one.
    ///
    /// # Panics
    ///
    /// Where the kernel does not say it.
    pub fn throttled(&self) -> u64 {
        let stat = fs::read_to_string(self.cpu.join("cpu.stat")).expect("it is there");
        let mut lines = stat.lines();
        let times = lines.find_map(|line| line.strip_prefix("nr_throttled "));
        times
            .expect("it is counted")
            .parse()
            .expect("it is a number")
    }
}

impl Drop for SmallPod {
    fn drop(&mut self) {
        for group in [&self.memory, &self.cpu] {
            // In version 2 they are one; and one with a process in it stays.
            drop(fs::remove_dir(group));
        }
    }
}
