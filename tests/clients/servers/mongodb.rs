//! SecantusDB, which speaks the protocol of MongoDB: mongod itself is in no registry.

use crate::kit::Recipe;
use std::process::Command;

pub(crate) const MONGODB: Recipe = Recipe {
    name: "SecantusDB",
    program: "secantusd-py",
    install: "pip install secantusdb==0.7.0b3",
    command: |program, folder, ports| {
        let mut command = Command::new(program);
        command
            .args(["--host", "127.0.0.1", "--port", &ports.own.to_string()])
            .arg("--storage-path")
            .arg(folder.join("data"));
        command
    },
};
