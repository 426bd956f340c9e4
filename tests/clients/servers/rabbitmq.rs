//! `RabbitMQ`.

use crate::kit::{Recipe, Server, ask, free_port, give_to, run_as};
use std::fs;
use std::path::Path;
use std::process::Command;

const USER: &str = "rabbitmq";

/// In its folder: where its tools ask for its port.
const NAMES: &str = "port of the name server";

pub(crate) const RABBITMQ: Recipe = Recipe {
    name: "RabbitMQ",
    program: "/usr/lib/rabbitmq/bin/rabbitmq-server",
    install: "apt-get install rabbitmq-server",
    command: |program, folder, ports| {
        let home = give_to(USER, folder, "home");
        let [nodes, names] = [(); 2].map(|()| free_port().to_string());
        fs::write(folder.join(NAMES), &names).expect("it can be written");
        let mut command = run_as(USER, Path::new("/bin/sh"));
        for_node(&mut command, folder, ports.own, &names)
            // Erlang's name server would go on behind a node that has started it; so it is started beside it.
            .args(["-c", "epmd -port \"$ERL_EPMD_PORT\" & exec \"$0\""])
            .arg(program)
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", ports.own.to_string())
            .env("RABBITMQ_DIST_PORT", nodes)
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_MNESIA_BASE", &home)
            .env("RABBITMQ_LOG_BASE", &home)
            .env("RABBITMQ_LOGS", "-")
            .env(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
            );
        command
    },
};

/// What the node and its tools have in common.
fn for_node<'a>(
    command: &'a mut Command,
    folder: &Path,
    port: u16,
    names: &str,
) -> &'a mut Command {
    let home = folder.join("home");
    command
        .env("RABBITMQ_NODENAME", format!("test{port}@localhost"))
        .env("ERL_EPMD_PORT", names)
        .env("RABBITMQ_CONFIG_FILE", home.join("none"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", home.join("plugins"))
        // The cookie that both show is there.
        .env("HOME", home)
}

/// Its connections, one a line, by its own tool: which takes a second or two to start.
pub(crate) fn sessions(server: &Server) -> String {
    let names = fs::read_to_string(server.folder().join(NAMES)).expect("it was written");
    let mut tool = run_as(USER, Path::new("/usr/lib/rabbitmq/bin/rabbitmqctl"));
    for_node(&mut tool, server.folder(), server.port(), &names);
    ask(tool.args(["--silent", "list_connections", "pid", "peer_port", "state"]))
}
