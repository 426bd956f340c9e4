//! The service in a container engine, from the files that `examples/manifests orders` has written: the `Dockerfile`,
//! `deploy/compose.yaml`, `deploy/kubernetes.yaml`, and the grace period that they name.
//!
//! `cargo test -p orders --test container -- --ignored --nocapture`: `docs/cli.md` says what it needs.

#![cfg(target_os = "linux")]

#[path = "../customers/mod.rs"]
mod customers;
mod engine;
mod image;
mod pod;
// The same for all tests whose servers are told which port to take: one source.
#[path = "../../../../tests/clients/kit/ports.rs"]
mod ports;
mod stop;

use customers::{states, told};
use engine::{Container, Project, Stopped};
use image::{Form, Image};
use orders::customers::{Calls, place};
use pod::{Endpoints, Terms};
use ports::free_port;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use stop::{Grace, stop_under_load};
use tempfile::TempDir;
use tokio::task::{JoinSet, spawn_blocking};

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
        let free = || format!("127.0.0.1:{}", free_port());
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

/// Two pods under load, of which one is deleted. All calls are over, and both databases hold what was answered.
async fn delete_one_of_two(image: &Image, terms: Terms, late: Duration) -> (Calls, Stopped) {
    const CLIENTS: usize = 8;
    const AROUND: Duration = Duration::from_secs(1);

    let services = [Service::new(), Service::new()];
    let memory = pod::memory();
    let containers = services
        .each_ref()
        .map(|service| service.run(image, &[&memory]));
    for container in &containers {
        container.wait_for_line("probes on ");
    }
    let addresses = services
        .each_ref()
        .map(|service| format!("http://{}", service.address));
    let endpoints = Arc::new(Endpoints::new(addresses.to_vec()));
    let is_over = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (is_over, endpoints) = (is_over.clone(), endpoints.clone());
        // SeqCst: it publishes nothing, and is far from being hot.
        let goes_on = move || !is_over.load(Ordering::SeqCst);
        clients.spawn(place(goes_on, move || endpoints.next()));
    }
    tokio::time::sleep(AROUND).await;
    let [deleted, stays] = containers;
    let (seen, address) = (endpoints.clone(), addresses[0].clone());
    let delete = move || pod::delete(&deleted, terms, &seen, &address, late);
    let stopped = spawn_blocking(delete).await.unwrap();
    tokio::time::sleep(AROUND).await;
    is_over.store(true, Ordering::SeqCst);
    let mut calls = Calls::default();
    for of_one in clients.join_all().await {
        calls.add(of_one);
    }
    let other = spawn_blocking(move || stays.stop(terms.grace)).await;
    assert_eq!(other.unwrap().exit_code, 0);

    let mut placed = 0;
    for service in &services {
        let orders = states(service.data.path()).await;
        let is_confirmed = |(_, state): &(i64, String)| state == "confirmed";
        assert!(orders.iter().all(is_confirmed), "{orders:?}");
        assert_eq!(told(service.data.path(), "confirmed").len(), orders.len());
        placed += orders.len();
    }
    // Both ways: nothing was taken that has no answer.
    assert_eq!(calls.answered, placed);
    (calls, stopped)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it needs a container engine: docs/cli.md"]
async fn a_pod_that_is_deleted_under_load_fails_no_call() {
    let image = Image::build(Form::Generated);
    let terms = Terms::of_manifest();
    for late in [0, 500, 1000, 2000, 4000] {
        let late = Duration::from_millis(late);
        assert!(late < terms.pre_stop);
        let (calls, stopped) = delete_one_of_two(&image, terms, late).await;
        let none = Vec::<String>::new();
        assert_eq!(
            (&calls.refused, &calls.failed),
            (&none, &none),
            "{stopped:?}"
        );
        assert_eq!(stopped.exit_code, 0, "{stopped:?}");
        assert!(
            stopped.took < terms.grace.saturating_sub(terms.pre_stop) / 2,
            "{stopped:?}"
        );
        println!(
            "deleted, its endpoint gone {late:?} later: exit code 0 {:.2?} after SIGTERM, {calls}",
            stopped.took
        );
    }
}

/// What the hook is for.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it needs a container engine: docs/cli.md"]
async fn without_the_hook_calls_fail_until_the_endpoint_is_gone() {
    let image = Image::build(Form::Generated);
    let terms = Terms {
        pre_stop: Duration::ZERO,
        ..Terms::of_manifest()
    };
    let (calls, stopped) = delete_one_of_two(&image, terms, Duration::from_secs(2)).await;
    assert_eq!(stopped.exit_code, 0, "{stopped:?}");
    assert!(!calls.refused.is_empty(), "{calls}");
    println!("without its hook: {calls}");
}
