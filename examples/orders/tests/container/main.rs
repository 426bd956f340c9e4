//! The service in a container engine, from the files that `examples/manifests orders` has written: the `Dockerfile`,
//! `deploy/compose.yaml`, and the grace period that they name.
//!
//! `cargo test -p orders --test container -- --ignored --nocapture`: `docs/cli.md` says what it needs.

#![cfg(target_os = "linux")]

#[path = "../customers/mod.rs"]
mod customers;
mod engine;
mod image;
mod stop;

use engine::{Container, Project};
use image::{Form, Image};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use stop::{Grace, stop_under_load};
use tempfile::TempDir;

/// A free port is one that was free a moment ago.
struct Service {
    /// What it stores, also once its container is gone.
    data: TempDir,
    address: String,
    admin: String,
}

impl Service {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        // The image's user has no name on this machine.
        std::fs::set_permissions(data.path(), Permissions::from_mode(0o777)).unwrap();
        let free = || {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().to_string()
        };
        Self {
            data,
            address: free(),
            admin: free(),
        }
    }

    fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("ADDRESS", self.address.clone()),
            ("ADMIN_ADDRESS", self.admin.clone()),
            ("DATABASE", "/data/orders.db".to_owned()),
            ("TOPIC", "/data/topic".to_owned()),
        ]
    }

    /// In a container of `image`, with more options of `docker run`.
    fn run(&self, image: &Image, options: &[&str]) -> Container {
        let mut words = vec!["--network=host".to_owned()];
        words.push(format!("--volume={}:/data", self.data.path().display()));
        for (name, value) in self.variables() {
            words.push(format!("--env={name}={value}"));
        }
        words.extend(options.iter().map(|&option| option.to_owned()));
        Container::run(image, &words)
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it needs a container engine: docs/cli.md"]
async fn compose_sees_that_it_is_healthy_and_gives_it_the_time_that_its_plan_needs() {
    let service = Service::new();
    let image = Image::build(Form::Generated);
    let project = Project::up(&image, &service.variables(), service.data.path());
    let container = project.container();
    assert_eq!(container.inspect("{{.State.Health.Status}}"), "healthy");
    assert_eq!(container.inspect("{{.Config.StopSignal}}"), "SIGTERM");
    let grace = Grace::of_compose_file();
    let given = container.inspect("{{.Config.StopTimeout}}");
    assert_eq!(given, grace.0.as_secs().to_string());
    assert_eq!(container.first_process(), "orders");
    // Without a time of its own: that of the file.
    let stop = stop_under_load(&container, &service, move || project.stop()).await;
    stop.assert_well_within(grace);
    println!("compose stop: {stop}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it needs a container engine: docs/cli.md"]
async fn docker_stop_never_has_to_kill_it() {
    let image = Image::build(Form::Generated);
    let grace = Grace::of_dockerfile();
    for _ in 0..10 {
        let service = Service::new();
        let container = service.run(&image, &[]);
        assert_eq!(container.first_process(), "orders");
        let stops = container.clone();
        let stop = stop_under_load(&container, &service, move || stops.stop(grace.0)).await;
        stop.assert_well_within(grace);
        println!("docker stop: {stop}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it needs a container engine: docs/cli.md"]
async fn with_128_mib_and_a_tenth_of_a_processor_it_still_drains() {
    let image = Image::build(Form::Generated);
    let grace = Grace::of_dockerfile();
    for _ in 0..5 {
        let service = Service::new();
        let limits = ["--memory=128m", "--memory-swap=128m", "--cpus=0.1"];
        let container = service.run(&image, &limits);
        let stops = container.clone();
        let stop = stop_under_load(&container, &service, move || stops.stop(grace.0)).await;
        stop.assert_well_within(grace);
        println!("docker stop, 128 MiB and 0.1 processors: {stop}");
    }
}

/// What `cargo graceful check` refuses, and what comes of it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it needs a container engine: docs/cli.md"]
async fn behind_a_shell_it_is_killed_as_the_check_says() {
    assert_eq!(image::check(Form::Generated), (Some(0), String::new()));
    let (code, found) = image::check(Form::Shell);
    assert_eq!(code, Some(1), "{found}");
    assert!(found.contains("shell-form"), "{found}");

    let service = Service::new();
    let container = service.run(&Image::build(Form::Shell), &[]);
    container.wait_for_line("probes on ");
    assert_eq!(container.first_process(), "sh");
    let limit = Duration::from_secs(3);
    let stopped = container.stop(limit);
    assert_eq!(stopped.exit_code, 137, "{stopped:?}");
    assert!(stopped.took >= limit, "{stopped:?}");
    println!("behind a shell: exit code 137 after {:.1?}", stopped.took);
}
