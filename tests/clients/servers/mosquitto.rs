//! Mosquitto.

use crate::kit::Recipe;
use std::process::Command;

pub(crate) const MOSQUITTO: Recipe = Recipe {
    name: "Mosquitto",
    program: "mosquitto",
    install: "apt-get install mosquitto",
    command: |program, folder, ports| {
        let file = folder.join("mosquitto.conf");
        let text = format!(
            "listener {} 127.0.0.1\nallow_anonymous true\npersistence false\n\
             max_queued_messages 0\nmax_inflight_messages 0\nsys_interval 1\n",
            ports.own
        );
        std::fs::write(&file, text).expect("it can be written");
        let mut command = Command::new(program);
        command.arg("-c").arg(file);
        command
    },
};
