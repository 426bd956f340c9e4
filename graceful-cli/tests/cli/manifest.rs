//! What is printed for each platform: word for word, as the platform's own tools want it, and without a finding of
//! `cargo graceful check`.

#![cfg(unix)]
#![allow(missing_docs, reason = "a test")]

use graceful::Signal;
use graceful::testing::Program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PLANS: [&str; 3] = ["plain", "delay", "platform"];

/// Each platform, and what its file is called.
const PLATFORMS: [(&str, &str); 4] = [
    ("kubernetes", "orders.yaml"),
    ("compose", "compose.yaml"),
    ("systemd", "orders.service"),
    ("dockerfile", "Dockerfile"),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn manifest(platform: &str, plan: &str, more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["graceful", "manifest", platform, "--plan"])
        .arg(fixtures().join(format!("plans/{plan}.txt")))
        .args(["--name", "orders", "--image", "registry.example/orders:1.4"])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// It is a file that is named, and no command.
#[test]
fn a_program_in_the_working_folder_is_found_by_its_name_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("orders");
    let plan = fixtures().join("plans/plain.txt");
    fs::write(&program, format!("#!/bin/sh\ncat {}\n", plan.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .current_dir(&folder)
        .args(["manifest", "systemd", "--program", "orders"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// `GRACEFUL_BLESS=1` writes the files anew: read the difference.
#[test]
fn each_platform_is_told_what_the_plan_asks_for() {
    for plan in PLANS {
        let folder = fixtures().join("manifests").join(plan);
        for (platform, file) in PLATFORMS {
            let golden = folder.join(file);
            let printed = manifest(platform, plan, &[]);
            if std::env::var_os("GRACEFUL_BLESS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&golden, &printed).unwrap();
            }
            assert_eq!(
                printed,
                fs::read_to_string(&golden).unwrap(),
                "{plan}: {platform}"
            );
        }
    }
}

/// A rollout may end one of three, and not the only one.
#[test]
fn what_is_printed_of_a_single_replica_is_right_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.yaml");
    let printed = manifest("kubernetes", "plain", &["--replicas", "1"]);
    fs::write(&file, printed).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .args(["check", "--plan"])
        .args([&fixtures().join("plans/plain.txt"), &file])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn what_is_printed_is_right_by_the_check() {
    for plan in PLANS {
        let folder = fixtures().join("manifests").join(plan);
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["graceful", "check", "--plan"])
            .arg(fixtures().join(format!("plans/{plan}.txt")))
            .args(PLATFORMS.map(|(_, file)| folder.join(file)))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stdout, b"");
    }
}

/// Those of the examples, for which `examples/manifests` has written the files of each platform.
const SERVICES: [(&str, &[&str]); 5] = [
    (
        "chat",
        &["--live-path", "/chat/livez", "--ready-path", "/chat/readyz"],
    ),
    ("events", &[]),
    ("orders", &["--port", "50051"]),
    ("relay", &[]),
    (
        "users",
        &[
            "--live-path",
            "/health/live",
            "--ready-path",
            "/health/ready",
        ],
    ),
];

/// Each platform's file of a service of the examples.
fn of_service(service: &str) -> [(&'static str, PathBuf); 4] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(service);
    let deploy = folder.join("deploy");
    [
        ("kubernetes", deploy.join("kubernetes.yaml")),
        ("compose", deploy.join("compose.yaml")),
        ("systemd", deploy.join(format!("{service}.service"))),
        ("dockerfile", folder.join("Dockerfile")),
    ]
}

#[test]
fn the_files_of_the_examples_are_what_is_printed_and_right_by_the_check() {
    for (service, more) in SERVICES {
        let files = of_service(service);
        let plan = files[0].1.with_file_name("plan.txt");
        for (platform, file) in &files {
            let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
                .args(["manifest", platform, "--name", service, "--plan"])
                .arg(&plan)
                .args(more)
                .output()
                .unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            let written = fs::read_to_string(file).unwrap();
            let how = format!("run `examples/manifests {service}`");
            assert_eq!(printed, written, "{how}");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["check", "--plan"])
            .arg(plan)
            .args(files.map(|(_, file)| file))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

/// Says that it is skipped where the tool is not installed.
fn validated(platform: &str, tool: &str, before: &[&str], after: &[&str]) {
    let file = PLATFORMS.iter().find(|(name, _)| *name == platform);
    let file = file.unwrap().1;
    let fixtures = PLANS.map(|plan| fixtures().join("manifests").join(plan).join(file));
    let services = SERVICES.into_iter().flat_map(|(name, _)| of_service(name));
    let services = services.filter_map(|(of, file)| (of == platform).then_some(file));
    for file in fixtures.into_iter().chain(services) {
        let output = Command::new(tool)
            .args(before)
            .arg(file)
            .args(after)
            .output();
        let Ok(output) = output else {
            eprintln!("skipped: {tool} is not installed");
            return;
        };
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn kubernetes_takes_it() {
    // Without `--strict` a field that it does not know passes.
    validated("kubernetes", "kubernetes-validate", &["--strict"], &[]);
}

#[test]
fn compose_takes_it() {
    validated("compose", "docker-compose", &["-f"], &["config", "-q"]);
}

#[test]
fn hadolint_takes_it() {
    validated("dockerfile", "hadolint", &[], &[]);
}

#[test]
fn systemd_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    for plan in PLANS {
        // It has to be there, or systemd says that it is not.
        let unit = manifest("systemd", plan, &["--exec", "/bin/true"]);
        let file = folder.path().join("orders.service");
        fs::write(&file, unit).unwrap();
        let Ok(output) = Command::new("systemd-analyze")
            .arg("verify")
            .arg(&file)
            .output()
        else {
            eprintln!("skipped: systemd-analyze is not installed");
            return;
        };
        // It ends with 0 where it does not know a key, and says so.
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
    }
}

#[test]
fn a_name_that_would_break_the_file_is_refused() {
    for (option, value) in [
        ("--name", "Orders"),
        ("--name", "a\nb"),
        ("--live-path", "livez"),
        ("--exec", "/a b"),
        ("--healthcheck", "a\"b"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["manifest", "kubernetes", "--plan", "none", option, value])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{option} {value:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(option), "{stderr}");
    }
}

fn example(name: &str) -> PathBuf {
    let programs = Path::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .parent()
        .unwrap();
    let program = programs.join("examples").join(name);
    assert!(
        program.exists(),
        "build it first: cargo test --package graceful-cli"
    );
    program
}

/// What a program answers is the plan of the state that its `main` returns, with what the environment says.
#[test]
fn a_program_is_asked_and_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("orders.db");
    let grace = |timeout: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["manifest", "kubernetes", "--program"])
            .arg(example("order_service"))
            .env("DATABASE", &database)
            .env("GRACEFUL_TIMEOUT", timeout)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let manifest = String::from_utf8(output.stdout).unwrap();
        let line = manifest
            .lines()
            .find(|line| line.contains("terminationGracePeriodSeconds"));
        line.unwrap().trim().to_owned()
    };
    assert_eq!(grace(""), "terminationGracePeriodSeconds: 30");
    assert_eq!(grace("40s"), "terminationGracePeriodSeconds: 50");
    assert!(!database.exists());
}

#[test]
fn the_answer_is_all_that_is_printed() {
    let ask = |form: &str| {
        Command::new(example("order_service"))
            .env("GRACEFUL_PLAN", form)
            .output()
            .unwrap()
    };
    let output = ask("text");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "graceful-plan\t1\n\
         timeout\t20s\n\
         delay\t0s\n\
         blocking_grace\t1s\n\
         signal\tSIGINT\n\
         signal\tSIGTERM\n\
         plan\tApp\t19s\n\
         step\t0\t10s\thttp\t\n\
         step\t1\t5s\tconfirmations\t\n\
         step\t2\t3s\tdb\t\n\
         step\t3\t1s\tadmin\t\n"
    );
    let output = ask("json");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stdout, b"");
}

/// Manifests often can't leave a variable away.
#[test]
fn a_program_that_is_not_asked_runs() {
    let folder = tempfile::tempdir().unwrap();
    let program = |name: &str| {
        Program::new(example("order_service"))
            .env("DATABASE", folder.path().join(name))
            .env("PORT", "0")
            .env("ADMIN_PORT", "0")
    };
    for mut process in [
        program("unset.db").start(),
        program("empty.db").env("GRACEFUL_PLAN", "").start(),
    ] {
        process.wait_for_line("probes on ");
        process.signal(Signal::Terminate).end().assert_code(0);
    }
}

#[test]
fn a_program_that_knows_nothing_of_plans_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (program, words) in [
        (
            PathBuf::from("/bin/ls"),
            "/bin/ls, asked by `GRACEFUL_PLAN=text`: its answer is no plan",
        ),
        (folder.path().join("none"), "could not start"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["manifest", "systemd", "--program"])
            .arg(program)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(words), "{stderr}");
    }
}
