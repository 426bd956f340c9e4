//! MariaDB, which speaks the protocol of MySQL.

use crate::databases::Database;
use crate::kit::{Recipe, Server, ask, give_to, run, run_as};
use std::process::Command;

const USER: &str = "mysql";

pub(crate) const MARIADB: Recipe = Recipe {
    name: "MariaDB",
    program: "mariadbd",
    install: "apt-get install mariadb-server",
    command: |program, folder, ports| {
        let data = give_to(USER, folder, "data");
        let datadir = format!("--datadir={}", data.display());
        run(run_as(USER, "mariadb-install-db".as_ref())
            .args(["--no-defaults", "--skip-test-db", &datadir])
            .arg("--auth-root-authentication-method=normal"));
        let mut command = run_as(USER, program);
        command
            .args(["--no-defaults", &datadir, "--bind-address=127.0.0.1"])
            .arg(format!("--port={}", ports.own))
            .arg(format!("--socket={}", data.join("socket").display()))
            .arg(format!("--pid-file={}", data.join("pid").display()));
        command
    },
};

pub(crate) const DATABASE: Database = Database {
    empty: |server| {
        mariadb(
            server,
            "CREATE DATABASE IF NOT EXISTS tests; DROP TABLE IF EXISTS tests.written;
             CREATE TABLE tests.written (id INT AUTO_INCREMENT PRIMARY KEY)",
        );
    },
    rows: |server| mariadb(server, "SELECT COUNT(*) FROM tests.written"),
    sessions: |server| {
        mariadb(
            server,
            "SELECT id, command, info FROM information_schema.processlist
             WHERE id <> CONNECTION_ID()",
        )
    },
};

/// What this server answers to a statement: a row a line.
fn mariadb(server: &Server, statement: &str) -> String {
    ask(Command::new("mariadb")
        .args(["--no-defaults", "--host=127.0.0.1", "--user=root"])
        .arg(format!("--port={}", server.port()))
        .args(["--skip-column-names", "--batch", "--execute", statement]))
}
