//! How many instructions a small request costs the server, beside `axum::serve`, as `valgrind` counts them. The kernel's are
//! not among them. Where other things run on the machine, this is the figure that stays the same.

#[cfg(unix)]
fn main() {
    unix::run();
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
    use std::net::TcpStream;
    use std::process::{Command, Stdio};

    /// The difference of two counts leaves out the start and the end.
    const FEW: u32 = 1_000;
    const MANY: u32 = 6_000;

    const REQUEST: &[u8] = b"GET /fast HTTP/1.1\r\nhost: localhost\r\n\r\n";

    pub(super) fn run() {
        let found = Command::new("valgrind").arg("--version").output();
        if found.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            println!("skipped: valgrind is not installed");
            return;
        }
        for connections in [1, 50] {
            let each = |server| {
                let [few, many] = [FEW, MANY].map(|asked| count(server, connections, asked));
                f64::from(many - few) / f64::from(MANY - FEW)
            };
            let plain = each(env!("CARGO_BIN_EXE_plain"));
            let graceful = each(env!("CARGO_BIN_EXE_graceful"));
            let ratio = graceful / plain;
            println!(
                "{connections} connections: axum::serve {plain:.0}, graceful::http {graceful:.0} a request, ratio {ratio:.3}"
            );
        }
    }

    fn count(server: &str, connections: u32, requests: u32) -> u32 {
        let log = tempfile::NamedTempFile::new().expect("a temporary file");
        let mut valgrind = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(format!("--log-file={}", log.path().display()))
            .arg(server)
            .env("PORT", "0")
            // With several it is chance which of them are woken.
            .env("TOKIO_WORKER_THREADS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("valgrind starts");
        let stdout = valgrind.stdout.take().expect("it was piped");
        let mut address = String::new();
        let line = BufReader::new(stdout).read_line(&mut address);
        line.expect("it says where it listens");
        ask(address.trim(), connections, requests);
        let id = rustix::process::Pid::from_child(&valgrind);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
        valgrind.wait().expect("it can be waited for");
        let said = std::fs::read_to_string(log.path()).expect("valgrind has written it");
        let count = said.lines().find_map(|line| line.split("refs:").nth(1));
        let count = count.map(|count| count.trim().replace(',', ""));
        count
            .and_then(|count| count.parse().ok())
            .unwrap_or_else(|| panic!("{said}"))
    }

    /// Over all connections at once, in turns.
    fn ask(address: &str, connections: u32, requests: u32) {
        let connect = |_| TcpStream::connect(address).expect("it listens");
        let mut clients: Vec<TcpStream> = (0..connections).map(connect).collect();
        let mut answer = [0; 1024];
        for _ in 0..requests / connections {
            for client in &mut clients {
                client.write_all(REQUEST).expect("it reads");
            }
            for client in &mut clients {
                let mut length = 0;
                while !answer[..length].ends_with(b"\r\n\r\ndone") {
                    let read = client.read(&mut answer[length..]).expect("it answers");
                    assert!(read > 0, "it has closed the connection");
                    length += read;
                }
            }
        }
    }
}
