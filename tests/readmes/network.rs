//! A network that is nobody else's: the READMEs name ports, which may be taken on this machine.

use std::process::{Child, Command, Stdio};

/// A namespace with a loopback device of its own; the machine's network where this process may not have one.
pub(crate) struct Network(Option<Child>);

impl Network {
    pub(crate) fn new() -> Self {
        // It keeps the namespace for as long as its standard input is open.
        let script = "ip link set lo up && echo up && read -r _";
        let holder = Command::new("unshare")
            .args(["--net", "sh", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut holder) = holder else {
            return Self(None);
        };
        let mut line = [0];
        let up = holder.stdout.take().map(|mut stdout| {
            use std::io::Read as _;
            stdout.read_exact(&mut line).is_ok()
        });
        if up == Some(true) {
            return Self(Some(holder));
        }
        drop(holder.wait());
        Self(None)
    }

    /// What stands before a command that runs in it.
    pub(crate) fn enter(&self) -> Vec<String> {
        let Some(holder) = &self.0 else {
            return Vec::new();
        };
        let words = [
            "nsenter",
            "--net",
            "--target",
            &holder.id().to_string(),
            "--",
        ];
        words.map(str::to_owned).to_vec()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if let Some(holder) = &mut self.0 {
            drop(holder.kill());
            drop(holder.wait());
        }
    }
}
