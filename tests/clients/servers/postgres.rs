//! PostgreSQL.

use crate::databases::Database;
use crate::kit::{Recipe, Server, ahead_of_others, ask, give_to, run, run_as};
use std::path::Path;
use std::process::Command;

const USER: &str = "postgres";

/// Debian's; none of its servers is in anybody's path.
const FOLDER: &str = "/usr/lib/postgresql/15/bin";

const POSTGRES: Recipe = Recipe {
    name: "PostgreSQL",
    program: "/usr/lib/postgresql/15/bin/postgres",
    install: "apt-get install postgresql-15",
    command: |program, folder, ports| {
        let data = give_to(USER, folder, "data");
        run(run_as(USER, &program.with_file_name("initdb"))
            .arg("-D")
            .arg(&data)
            .args(["-U", USER, "--auth=trust", "--no-sync", "--locale=C"]));
        let mut command = run_as(USER, program);
        command.arg("-D").arg(&data);
        command.args(["-h", "127.0.0.1", "-p", &ports.own.to_string(), "-k", ""]);
        command.args(["-c", "fsync=off"]);
        ahead_of_others(&command)
    },
};

/// It accepts connections a moment before it serves them.
pub(crate) fn start() -> Option<Server> {
    let server = POSTGRES.start()?;
    let is_ready = || {
        Command::new(Path::new(FOLDER).join("pg_isready"))
            .args(["-h", "127.0.0.1", "-p", &server.port().to_string()])
            .output()
            .is_ok_and(|answer| answer.status.success())
    };
    while !is_ready() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Some(server)
}

pub(crate) const DATABASE: Database = Database {
    empty: |server| {
        psql(
            server,
            "DROP TABLE IF EXISTS written; CREATE TABLE written (id serial)",
        );
    },
    rows: |server| psql(server, "SELECT count(*) FROM written"),
    sessions: |server| {
        psql(
            server,
            "SELECT pid, state, query FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
        )
    },
};

/// Whether it lets anybody in who is not in already.
pub(crate) fn lets_in(server: &Server, lets_in: bool) {
    let alter = format!("ALTER DATABASE postgres ALLOW_CONNECTIONS {lets_in}");
    psql_of(server, "template1", &alter);
}

fn psql(server: &Server, statement: &str) -> String {
    psql_of(server, "postgres", statement)
}

/// What this server answers to a statement: a row a line.
fn psql_of(server: &Server, database: &str, statement: &str) -> String {
    ask(Command::new(Path::new(FOLDER).join("psql"))
        .args(["-h", "127.0.0.1", "-p", &server.port().to_string()])
        .args([
            "-U",
            USER,
            "-d",
            database,
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
        ])
        .args(["--no-align", "-c", statement]))
}
