//! Images of the service: its own program, linked statically, on an empty root.

use super::engine::docker;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// How the image starts the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the generated file has it.
    Generated,
    /// By a shell that stays.
    Shell,
}

/// Removed when dropped.
pub(crate) struct Image(String);

const GENERATED: &str = include_str!("../../Dockerfile");

impl Image {
    pub(crate) fn build(form: Form) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::copy(program(), root.join("orders")).unwrap();
        let mut files = Vec::new();
        if form == Form::Shell {
            files = shell(root);
        }
        std::fs::write(root.join("Dockerfile"), on_an_empty_root(form, &files)).unwrap();
        let random = folder.path().file_name().unwrap().to_string_lossy();
        let name = format!("orders-test{}", random.replace('.', "-").to_lowercase());
        docker([
            "build",
            "--quiet",
            "--tag",
            &name,
            &root.display().to_string(),
        ]);
        Self(name)
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let mut remove = Command::new("docker");
        let removed = remove.args(["image", "rm", "--force", &self.0]).output();
        // A test that fails says why itself.
        drop(removed);
    }
}

/// The generated file, which builds the program in an image of its own; here it is built already.
fn on_an_empty_root(form: Form, files: &[String]) -> String {
    let mut text = String::from("FROM scratch\nCOPY orders /usr/local/bin/orders\n");
    for file in files {
        // A `String` takes everything.
        let _ = writeln!(text, "COPY .{file} {file}");
    }
    text + generated(form)
        .split_once("/usr/local/bin/orders\n")
        .unwrap()
        .1
}

fn generated(form: Form) -> String {
    const EXEC: &str = r#"ENTRYPOINT ["/usr/local/bin/orders"]"#;
    assert!(GENERATED.contains(EXEC), "{GENERATED}");
    match form {
        Form::Generated => GENERATED.to_owned(),
        // A shell with one command alone may replace itself by it.
        Form::Shell => {
            GENERATED.replace(EXEC, "ENTRYPOINT /usr/local/bin/orders; echo it has ended")
        }
    }
}

/// The program, built once: an image without a loader needs one that has no need of it.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("static");
        let host = host();
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--release",
                "--package",
                "orders",
                "--bin",
                "orders",
                "--target",
                &host,
            ])
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTFLAGS", "-C target-feature=+crt-static")
            .status();
        assert!(built.unwrap().success());
        target.join(host).join("release/orders")
    })
}

fn host() -> String {
    let version = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.unwrap().to_owned()
}

/// This machine's shell, with what it is linked to, below `root`.
fn shell(root: &Path) -> Vec<String> {
    const SHELL: &str = "/bin/sh";
    let linked = Command::new("ldd").arg(SHELL).output().unwrap().stdout;
    let linked = String::from_utf8(linked).unwrap();
    let paths = linked
        .split_whitespace()
        .filter(|word| word.starts_with('/'));
    let mut files: Vec<_> = paths.map(str::to_owned).collect();
    files.push(SHELL.to_owned());
    for file in &files {
        let copy = root.join(file.trim_start_matches('/'));
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(file, copy).unwrap();
    }
    files
}

/// What `cargo graceful check` says of the whole file, against the plan.
pub(crate) fn check(form: Form) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Dockerfile");
    std::fs::write(&file, generated(form)).unwrap();
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/plan.txt");
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--package",
            "graceful-cli",
            "--",
            "check",
            "--plan",
        ])
        .args([&plan, &file])
        .output()
        .unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), found)
}
