//! A real Prometheus with the alert rules, which scrapes a program every second.

use crate::ports::free_port;
use crate::scraper::scrape;
use crate::{LOST, program, tools};
use graceful::testing::{Process, Program};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) struct Prometheus {
    address: SocketAddr,
    /// It ends with this.
    _process: Process,
    _folder: TempDir,
}

impl Prometheus {
    /// With a program that it has seen to be ready; none where it is not installed.
    pub(crate) fn with_program() -> Option<(Self, Process)> {
        if !tools::has("prometheus", &["--version"]) {
            return None;
        }
        let mut process = program("measured").start();
        let line = process.wait_for_line("metrics on ");
        let target = line.trim_start_matches("metrics on ").parse();
        let target = target.expect("an address");
        scrape(target).expect("it answers");
        let prometheus = Self::start(target);
        prometheus.wait_for("/api/v1/query?query=graceful_ready%3D%3D1", |data| {
            data["result"].as_array().is_some_and(|all| !all.is_empty())
        });
        Some((prometheus, process))
    }

    /// Scrapes `target` every second.
    fn start(target: SocketAddr) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations/alerts.yml");
        let settings = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\n\
             rule_files: ['{}']\n\
             scrape_configs: [{{ job_name: orders, static_configs: [{{ targets: ['{target}'] }}] }}]\n",
            rules.display()
        );
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, settings).expect("it can be written");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut process = Program::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--web.listen-address={address}"))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .patience(LOST)
            .start();
        process.wait_for_port(address);
        Self {
            address,
            _process: process,
            _folder: folder,
        }
    }

    /// The `data` of an answer.
    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        let address = self.address;
        let request = format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        let answer: Value = serde_json::from_str(body).ok()?;
        (answer["status"] == "success").then(|| answer["data"].clone())
    }

    /// Until it says so.
    pub(crate) fn wait_for(&self, path: &str, is_so: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        let mut last = None;
        while began.elapsed() < LOST {
            last = self.get(path);
            if last.as_ref().is_some_and(&is_so) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{path}: {last:#?}");
    }
}
