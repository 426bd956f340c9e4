//! How many instructions a small request costs the server, beside `axum::serve`, tonic's server and, over TLS, hyper-util behind
//! tokio-rustls, as `valgrind` counts them. The kernel's are not among them. Where other things run on the machine, this is the
//! figure that stays the same. With the feature `tls` over that too, and then all of it as a program has it that serves both.

#[cfg(unix)]
mod clients;

#[cfg(unix)]
fn main() {
    unix::run();
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod unix {
    use crate::clients::{Client, Http1, Http1Anew, Http2, call, get, tls};
    use graceful_load::{CERTIFICATES, make_certificate};
    use std::io::{BufRead as _, BufReader, ErrorKind};
    use std::net::TcpStream;
    use std::path::Path;
    use std::process::{Command, Stdio};

    /// The difference of two counts leaves out the start and the end.
    const FEW: u32 = 1_000;
    const MANY: u32 = 6_000;

    #[cfg(feature = "tls")]
    const OVER_TLS: Option<[&str; 2]> = Some([
        env!("CARGO_BIN_EXE_plain-tls"),
        env!("CARGO_BIN_EXE_graceful-tls"),
    ]);
    #[cfg(not(feature = "tls"))]
    const OVER_TLS: Option<[&str; 2]> = None;

    /// How the requests come.
    struct Load<'a> {
        name: &'static str,
        /// So many clients ask in turns…
        clients: u32,
        /// …each of them so much at once.
        at_once: u32,
        servers: [&'static str; 2],
        connect: &'a dyn Fn(TcpStream) -> Box<dyn Client>,
    }

    pub(super) fn run() {
        let found = Command::new("valgrind").arg("--version").output();
        if found.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            println!("skipped: valgrind is not installed");
            return;
        }
        let certificates = tempfile::tempdir().expect("a folder");
        let trusts = make_certificate(certificates.path());
        let over_grpc = [
            env!("CARGO_BIN_EXE_plain-grpc"),
            env!("CARGO_BIN_EXE_graceful-grpc"),
        ];
        let over_tcp = [env!("CARGO_BIN_EXE_plain"), env!("CARGO_BIN_EXE_graceful")];
        let http1 = |stream| -> Box<dyn Client> { Box::new(Http1(stream)) };
        let http1_anew = |stream: TcpStream| -> Box<dyn Client> {
            let address = stream.peer_addr().expect("it is open");
            Box::new(Http1Anew {
                address,
                asked: None,
            })
        };
        let http2 = |stream| -> Box<dyn Client> { Box::new(Http2::new(stream, get)) };
        let grpc = |stream| -> Box<dyn Client> { Box::new(Http2::new(stream, call)) };
        let http1_tls =
            |stream| -> Box<dyn Client> { Box::new(Http1(tls(&trusts, "http/1.1", stream))) };
        let http2_tls =
            |stream| -> Box<dyn Client> { Box::new(Http2::new(tls(&trusts, "h2", stream), get)) };
        let load = |name, clients, at_once, servers, connect| Load {
            name,
            clients,
            at_once,
            servers,
            connect,
        };
        let mut loads: Vec<Load<'_>> = vec![
            load("HTTP/1.1", 1, 1, over_tcp, &http1),
            load("HTTP/1.1", 50, 1, over_tcp, &http1),
            load("HTTP/1.1, each anew", 1, 1, over_tcp, &http1_anew),
            load("HTTP/2", 1, 1, over_tcp, &http2),
            load("HTTP/2", 50, 1, over_tcp, &http2),
            load("HTTP/2", 1, 50, over_tcp, &http2),
            load("gRPC", 50, 1, over_grpc, &grpc),
        ];
        if let Some(over_tls) = OVER_TLS {
            loads.extend([
                load("HTTP/1.1 over TLS", 1, 1, over_tls, &http1_tls),
                load("HTTP/1.1 over TLS", 50, 1, over_tls, &http1_tls),
                load("HTTP/2 over TLS", 1, 1, over_tls, &http2_tls),
                load("HTTP/2 over TLS", 1, 50, over_tls, &http2_tls),
            ]);
        }
        println!("| over | connections | at once on each | plain | graceful::http | ratio |");
        println!("| --- | --- | --- | --- | --- | --- |");
        let wanted = std::env::args()
            .nth(1)
            .filter(|name| !name.starts_with('-'));
        for load in loads {
            if wanted.as_ref().is_some_and(|name| name != load.name) {
                continue;
            }
            let each = |server| {
                let [few, many] =
                    [FEW, MANY].map(|asked| count(server, certificates.path(), &load, asked));
                f64::from(many - few) / f64::from(MANY - FEW)
            };
            let [plain, graceful] = load.servers.map(each);
            println!(
                "| {} | {} | {} | {plain:.0} | {graceful:.0} | {:.3} |",
                load.name,
                load.clients,
                load.at_once,
                graceful / plain
            );
        }
    }

    fn count(server: &str, certificates: &Path, load: &Load<'_>, requests: u32) -> u32 {
        let log = tempfile::NamedTempFile::new().expect("a temporary file");
        let mut valgrind = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(format!("--log-file={}", log.path().display()))
            .arg(server)
            .env("PORT", "0")
            .env(CERTIFICATES, certificates)
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
        ask(address.trim(), load, requests);
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
    fn ask(address: &str, load: &Load<'_>, requests: u32) {
        let connect = |_| {
            let stream = TcpStream::connect(address).expect("it listens");
            stream.set_nodelay(true).expect("it is open");
            (load.connect)(stream)
        };
        let mut clients: Vec<_> = (0..load.clients).map(connect).collect();
        for _ in 0..requests / (load.clients * load.at_once) {
            for client in &mut clients {
                client.ask(load.at_once);
            }
            for client in &mut clients {
                client.hear(load.at_once);
            }
        }
    }
}
