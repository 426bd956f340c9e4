//! A service that holds one client: a child process, which gets real signals.

use super::Server;
use graceful::testing::{Process, Program};

/// Starts `holder <client> <case>` for this server, and waits until it works.
#[track_caller]
pub(crate) fn holder(client: &str, case: &str, server: &Server) -> Process {
    let mut holder = program(client, case, server.port()).start();
    holder.wait_for_line("ready");
    holder
}

/// The same before it is started.
pub(crate) fn program(client: &str, case: &str, port: u16) -> Program {
    Program::new(env!("CARGO_BIN_EXE_holder"))
        .args([client, case])
        .env("PORT", port.to_string())
        .env("NO_COLOR", "1")
}
