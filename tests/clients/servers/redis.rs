//! Redis.

use crate::kit::Recipe;
use std::process::Command;

pub(crate) const REDIS: Recipe = Recipe {
    name: "Redis",
    program: "redis-server",
    install: "apt-get install redis-server",
    command: |program, folder, ports| {
        let mut command = Command::new(program);
        command
            .args(["--bind", "127.0.0.1", "--port", &ports.own.to_string()])
            .arg("--dir")
            .arg(folder)
            .args(["--save", "", "--appendonly", "no"]);
        command
    },
};
