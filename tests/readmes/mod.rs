//! What the READMEs say to type is typed, word for word, and the programs are stopped as they say.

#![cfg(target_os = "linux")]

mod commands;
mod network;
mod terminal;

use commands::{Command, of_comments, of_page, runs};
use graceful::Signal;
use graceful::testing::Process;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use terminal::Terminal;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Why a command is not typed here, which its README says in words.
fn why_not(command: &Command) -> Option<&'static str> {
    let line = &command.line;
    if line.starts_with("cargo test") {
        Some("it is one of the tests that this one stands beside")
    } else if line.contains("--features") {
        Some("it needs real servers")
    } else if line.starts_with("docker") {
        Some("it needs Docker")
    } else {
        None
    }
}

/// The services whose READMEs are typed from top to bottom.
const SERVICES: [&str; 5] = ["chat", "events", "orders", "relay", "users"];

#[test]
fn each_service_does_what_its_readme_says_to_type() {
    for service in SERVICES {
        let page = read(&format!("examples/{service}/README.md"));
        let commands = of_page(&page);
        assert!(commands.len() >= 2, "{service}: {commands:?}");
        let Some(terminal) = Terminal::open(service) else {
            println!("skipped: {service} is not built: `cargo test --workspace` builds it");
            continue;
        };
        type_all(&terminal, &commands);
    }
}

/// A service runs until the next one is started, or nothing is left to type; everything else runs beside it.
fn type_all(terminal: &Terminal, commands: &[Command]) {
    let (mut service, mut beside) = (None, Vec::new());
    for command in commands {
        if let Some(why) = why_not(command) {
            println!("skipped: `{}`: {why}", command.line);
        } else if Terminal::is_service(command) {
            stop(service.take(), &mut beside);
            println!("$ {}", command.line);
            let mut process = terminal.run(command);
            process.wait_for_line("probes on");
            service = Some(process);
        } else {
            println!("$ {}", command.line);
            let mut process = terminal.run(command);
            process.after(Duration::from_millis(500));
            if process.runs() {
                beside.push(process);
            } else {
                process.end().assert_code(0);
            }
        }
    }
    stop(service, &mut beside);
}

/// Ctrl-C: first in the terminal of the service, then in those of its clients that do not end with it.
fn stop(service: Option<Process>, beside: &mut Vec<Process>) {
    let Some(mut service) = service else { return };
    let ended = service.signal(Signal::Interrupt).end();
    ended.assert_code(0);
    // A host says the signal by itself: its part was asked.
    for said in ["SIGINT", "stopped after "] {
        assert!(ended.stdout.contains(said), "{said}: {ended}");
    }
    for mut client in beside.drain(..) {
        client.after(Duration::from_millis(500));
        if client.runs() {
            client.signal(Signal::Interrupt);
        }
        let ended = client.end();
        ended.assert_code(0);
    }
}

/// What an example says at its top, whether it is stopped by hand, and its exit code.
const EXAMPLES: [(&str, &str, bool, i32); 20] = [
    ("at_request", "cargo run --example at_request", true, 0),
    ("batch", "cargo run --example batch", true, 1),
    ("deferred", "cargo run --example deferred -- fail", false, 1),
    (
        "exit_code",
        "cargo run --example exit_code -- done",
        false,
        0,
    ),
    (
        "exit_code",
        "cargo run --example exit_code -- exit",
        false,
        3,
    ),
    (
        "exit_code",
        "cargo run --example exit_code -- fail",
        false,
        1,
    ),
    (
        "exit_code",
        "cargo run --example exit_code -- panic",
        false,
        1,
    ),
    (
        "exit_code",
        "cargo run --example exit_code -- hang",
        false,
        1,
    ),
    ("force", "cargo run --example force", true, 1),
    ("hello", "cargo run --example hello", true, 0),
    ("last_word", "cargo run --example last_word", true, 0),
    ("library", "cargo run --example library", true, 0),
    ("manage", "cargo run --example manage", true, 0),
    ("plan", "cargo run --example plan", true, 0),
    ("progress", "cargo run --example progress", true, 0),
    (
        "progress",
        "GRACEFUL_TIMEOUT=3s cargo run --example progress",
        true,
        1,
    ),
    ("shield", "cargo run --example shield", true, 0),
    (
        "without_macros",
        "cargo run --example without_macros",
        true,
        0,
    ),
    ("worker", "cargo run --example worker", true, 0),
    (
        "service",
        "PORT=3000 DATABASE=orders.db cargo run --features health,http --example service",
        true,
        0,
    ),
];

/// All at once: most of the time they only wait.
#[test]
fn each_example_does_what_it_says_at_its_top() {
    let names: BTreeSet<_> = EXAMPLES.iter().map(|example| example.0).collect();
    let readme = read("examples/README.md");
    for name in names {
        let comments = of_comments(&read(&format!("examples/{name}.rs")));
        assert!(!comments.is_empty(), "{name} says how it is run");
        assert!(readme.contains(&format!("({name}.rs)")), "{name} is listed");
    }
    thread::scope(|scope| {
        for (name, line, by_hand, code) in EXAMPLES {
            let run = move || run_example(name, line, by_hand, code);
            let thread = thread::Builder::new().name(line.to_owned());
            thread.spawn_scoped(scope, run).unwrap();
        }
    });
}

fn run_example(name: &str, line: &str, by_hand: bool, code: i32) {
    let comments = read(&format!("examples/{name}.rs"));
    let (program, word) = line.split_once(" -- ").unwrap_or((line, ""));
    assert!(
        comments.contains(program) && comments.contains(word),
        "{name} does not say {line:?}"
    );
    let Some(terminal) = Terminal::open(&format!("examples/{name}")) else {
        println!("skipped: {name} is not built");
        return;
    };
    let command = Command {
        line: line.to_owned(),
    };
    let mut process = terminal.run(&command);
    if by_hand {
        process.wait_for_line("");
        process.after(Duration::from_millis(300));
        process.signal(Signal::Interrupt);
    }
    process.end().assert_code(code);
}

/// Every page below `folder`, by its path from the root.
fn pages(folder: &str) -> Vec<String> {
    let entries = root().join(folder).read_dir().unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let paths = names.map(|name| format!("{folder}/{name}"));
    let (folders, mut files): (Vec<_>, Vec<_>) = paths.partition(|path| root().join(path).is_dir());
    files.retain(|path| Path::new(path).extension().is_some_and(|it| it == "md"));
    files.extend(folders.iter().flat_map(|folder| pages(folder)));
    files
}

/// The packages, programs, features and tests of all commands, of the guide too, whether or not they are typed here.
#[test]
fn what_the_commands_name_is_there() {
    let mut pages = pages("docs");
    pages.extend(["README.md", "CONTRIBUTING.md", "examples/README.md"].map(str::to_owned));
    pages.extend(SERVICES.map(|service| format!("examples/{service}/README.md")));
    let mut count = 0;
    for page in pages {
        for command in of_page(&read(&page)) {
            for run in runs(&command.line) {
                run.assert_there();
                count += 1;
            }
        }
    }
    assert!(count >= 50, "{count}");
}
