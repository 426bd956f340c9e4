//! MariaDB, which speaks the protocol of MySQL.

use crate::kit::{Recipe, Server, ask, give_to, run, run_as};
use std::process::Command;

const USER: &str = "mysql";

pub(crate) const MARIADB: Recipe = Recipe {
    name: "MariaDB",
    program: "mariadbd",
    install: "apt-get install mariadb-server",
    command: |program, folder, port| {
        let data = give_to(USER, folder, "data");
        let datadir = format!("--datadir={}", data.display());
        run(run_as(USER, "mariadb-install-db".as_ref())
            .args(["--no-defaults", "--skip-test-db", &datadir])
            .arg("--auth-root-authentication-method=normal"));
        let mut command = run_as(USER, program);
        command
            .args(["--no-defaults", &datadir, "--bind-address=127.0.0.1"])
            .arg(format!("--port={port}"))
            .arg(format!("--socket={}", data.join("socket").display()))
            .arg(format!("--pid-file={}", data.join("pid").display()));
        command
    },
};

/// What this server answers to a statement: a row a line.
pub(crate) fn mariadb(server: &Server, statement: &str) -> String {
    ask(Command::new("mariadb")
        .args(["--no-defaults", "--host=127.0.0.1", "--user=root"])
        .arg(format!("--port={}", server.port()))
        .args(["--skip-column-names", "--batch", "--execute", statement]))
}

/// The sessions that others have, one a line.
pub(crate) fn sessions(server: &Server) -> String {
    mariadb(
        server,
        "SELECT id, command, info FROM information_schema.processlist WHERE id <> connection_id()",
    )
}
