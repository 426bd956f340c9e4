//! Balancers as people run them, with the settings that their documentation starts from.

use std::fs;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// A balancer that runs before some replicas; killed where a test drops it.
#[derive(Debug)]
pub struct Balancer {
    _process: Child,
    folder: TempDir,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Which one.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// It asks each replica's `/readyz` every 200 ms, and needs two answers that agree.
    Haproxy,
    /// It learns of a replica from the requests that fail there.
    Nginx,
}

impl Kind {
    const fn program(self) -> &'static str {
        match self {
            Self::Haproxy => "haproxy",
            Self::Nginx => "nginx",
        }
    }

    /// Whether this machine has it.
    pub fn is_installed(self) -> bool {
        let asked = std::process::Command::new(self.program())
            .arg("-v")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        asked.is_ok_and(|status| status.success())
    }

    /// How long it may take to see that a replica is ready again.
    pub const fn notices_within(self) -> Duration {
        match self {
            Self::Haproxy => Duration::from_millis(800),
            Self::Nginx => Duration::from_millis(1200),
        }
    }

    fn settings(self, folder: &str, address: SocketAddr, replicas: &[SocketAddr]) -> String {
        let servers = |line: &dyn Fn(usize, &SocketAddr) -> String| -> String {
            let lines = replicas.iter().enumerate();
            lines.map(|(number, at)| line(number, at)).collect()
        };
        match self {
            Self::Haproxy => format!(
                "global\n    maxconn 4000\n\
                 defaults\n    mode http\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n\
                 frontend clients\n    bind {address}\n    default_backend replicas\n\
                 backend replicas\n    option httpchk GET /readyz\n{}",
                servers(&|number, at| format!(
                    "    server replica{number} {at} check inter 200ms fall 2 rise 2\n"
                )),
            ),
            // One process: workers outlive a master that is killed. With room for what comes while it stands still: where there is
            // none it cuts connections, of clients too.
            Self::Nginx => format!(
                "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log warn;\n\
                 events {{ worker_connections 16000; }}\n\
                 http {{\n\
                 access_log off;\n\
                 client_body_temp_path {folder}/body;\nproxy_temp_path {folder}/proxy;\n\
                 fastcgi_temp_path {folder}/fastcgi;\nuwsgi_temp_path {folder}/uwsgi;\nscgi_temp_path {folder}/scgi;\n\
                 upstream replicas {{\n{}    keepalive 32;\n}}\n\
                 server {{\n    listen {address};\n    location / {{\n        proxy_pass http://replicas;\n\
                 proxy_http_version 1.1;\n        proxy_set_header Connection \"\";\n    }}\n}}\n}}\n",
                servers(&|_, at| format!("    server {at} max_fails=1 fail_timeout=1s;\n")),
            ),
        }
    }
}

impl Balancer {
    /// Starts one before `replicas`.
    ///
    /// # Panics
    ///
    /// Where it does not come up.
    pub async fn start(kind: Kind, address: SocketAddr, replicas: &[SocketAddr]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("settings");
        let path = folder.path().to_str().expect("it is UTF-8");
        fs::write(&file, kind.settings(path, address, replicas)).expect("it can be written");
        let mut command = Command::new(kind.program());
        match kind {
            Kind::Haproxy => command.arg("-db").arg("-f").arg(&file),
            Kind::Nginx => command.arg("-p").arg(path).arg("-c").arg(&file),
        };
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        for _ in 0..500 {
            if TcpStream::connect(address).await.is_ok() {
                sleep(kind.notices_within()).await;
                return Self {
                    _process: process,
                    folder,
                    address,
                };
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("{kind:?} does not listen");
    }

    /// What it has logged that is more than usual; `HAProxy` logs nothing here.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }
}
