//! NATS with `JetStream`.

use crate::kit::{Ports, Recipe, Server};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

/// What `.ci/servers` installs beside Debian's.
pub(crate) const NATS: Recipe = Recipe {
    name: "NATS",
    program: "nats-server-2.15",
    install: ".ci/servers",
    command,
};

/// Debian 12's: NATS 2.9.
pub(crate) const NATS_OF_DEBIAN: Recipe = Recipe {
    name: "NATS of Debian",
    program: "nats-server",
    install: "apt-get install nats-server",
    command,
};

/// Whoever does not say who it is may do all; `publisher` may publish numbers, and nothing to its own inbox.
const USERS: &str = r#"
authorization {
    users: [
        { user: all, password: all }
        { user: publisher, password: publisher, permissions: { publish: numbers, subscribe: "_INBOX.>" } }
    ]
}
no_auth_user: all
"#;

fn command(program: &Path, folder: &Path, ports: Ports) -> Command {
    let users = folder.join("users.conf");
    std::fs::write(&users, USERS).expect("it can be written");
    let mut command = Command::new(program);
    command.arg("-c").arg(users);
    command
        .args(["-a", "127.0.0.1", "-p", &ports.own.to_string()])
        // Its monitor finds a port by itself, and says which.
        .args(["-m", "-1", "-js", "-sd"])
        .arg(folder);
    command
}

/// The connections that it has, by its own monitor: one a line.
pub(crate) fn sessions(server: &Server) -> String {
    let log = server.log();
    let monitor = log.split("Starting http monitor on ").nth(1);
    let monitor = monitor
        .and_then(|rest| rest.lines().next())
        .expect("a monitor");
    let mut socket = TcpStream::connect(monitor).expect("it listens");
    socket
        .write_all(b"GET /connz HTTP/1.0\r\n\r\n")
        .expect("a request");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("\"num_connections\": "), "{answer}");
    let numbers = answer.lines().filter(|line| line.contains("\"cid\": "));
    numbers.collect::<Vec<_>>().join("\n")
}
