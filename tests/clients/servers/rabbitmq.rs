//! `RabbitMQ`.

use crate::kit::{Recipe, give_to, run_as};
use std::net::TcpListener;
use std::path::Path;

const USER: &str = "rabbitmq";

pub(crate) const RABBITMQ: Recipe = Recipe {
    name: "RabbitMQ",
    program: "/usr/lib/rabbitmq/bin/rabbitmq-server",
    install: "apt-get install rabbitmq-server",
    command: |program, folder, ports| {
        let home = give_to(USER, folder, "home");
        let [nodes, names] = free_ports();
        let mut command = run_as(USER, Path::new("/bin/sh"));
        command
            // Erlang's name server would go on behind a node that has started it; so it is started beside it.
            .args(["-c", "epmd -port \"$ERL_EPMD_PORT\" & exec \"$0\""])
            .arg(program)
            .env("HOME", &home)
            .env("RABBITMQ_NODENAME", format!("test{}@localhost", ports.own))
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", ports.own.to_string())
            .env("RABBITMQ_DIST_PORT", nodes.to_string())
            .env("ERL_EPMD_PORT", names.to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_MNESIA_BASE", &home)
            .env("RABBITMQ_LOG_BASE", &home)
            .env("RABBITMQ_LOGS", "-")
            .env("RABBITMQ_CONFIG_FILE", home.join("none"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", home.join("plugins"))
            .env(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
            );
        command
    },
};

fn free_ports() -> [u16; 2] {
    // Both are held at once, so that they differ.
    let listeners = [(); 2].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}
