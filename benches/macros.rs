//! What the macros cost a build: `cargo check` of programs that differ in nothing else.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const RUNS: usize = 15;

const MAIN: &str = "#[graceful::main(flavor = \"current_thread\")] async fn main() {}";

fn main() -> Result<()> {
    let package = Package::new()?;
    // In each, so that the macros are loaded, and a runtime is there to be started.
    let empty = MAIN.to_owned();
    let programs = [
        ("empty", empty),
        ("debug_200", fields(200, "Debug")),
        ("shutdown_200", fields(200, "graceful::Shutdown")),
        ("debug_500", fields(500, "Debug")),
        ("shutdown_500", fields(500, "graceful::Shutdown")),
        ("plain_2000", statements(&format!("{MAIN} async fn work()"))),
        (
            "entry_2000",
            statements("#[graceful::main(flavor = \"current_thread\")] async fn main()"),
        ),
    ];
    for (name, text) in &programs {
        fs::write(package.source(name), text)?;
        package.check(name)?;
    }
    let mut least = programs.each_ref().map(|(name, _)| (*name, Duration::MAX));
    for _ in 0..RUNS {
        for (name, time) in &mut least {
            *time = package.check(name)?.min(*time);
        }
    }
    let empty = least[0].1;
    println!("| `cargo check`, the least of {RUNS} | less an empty program |");
    for (name, time) in least {
        let own = time.saturating_sub(empty);
        println!(
            "| {name}: {} ms | {} ms |",
            time.as_millis(),
            own.as_millis()
        );
    }
    Ok(())
}

struct Package(PathBuf);

impl Package {
    fn new() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros");
        fs::create_dir_all(folder.join("src/bin"))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let manifest = format!(
            "[workspace]\n[package]\nname = 'macros'\nedition = '2024'\n\
             [dependencies]\ngraceful-app = {{ path = '{}' }}\n",
            root.display()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        Ok(Self(folder))
    }

    fn source(&self, name: &str) -> PathBuf {
        self.0.join("src/bin").join(name).with_extension("rs")
    }

    /// From the moment that it has changed.
    fn check(&self, name: &str) -> Result<Duration> {
        let text = fs::read(self.source(name))?;
        fs::write(self.source(name), text)?;
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["check", "--offline", "--quiet", "--bin", name])
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .current_dir(&self.0);
        let start = Instant::now();
        let status = cargo.status()?;
        let time = start.elapsed();
        if status.success() {
            Ok(time)
        } else {
            Err(format!("{name} does not compile").into())
        }
    }
}

fn fields(count: usize, derive: &str) -> String {
    let mark = if derive == "Debug" {
        ""
    } else {
        "#[shutdown(timeout = \"1ms\")]"
    };
    let mut text = format!(
        "#![allow(dead_code)]\n#[derive({derive})] struct Leaf;\n#[derive({derive})] struct Wide {{"
    );
    for field in 0..count {
        let _ = writeln!(text, "{mark} field_{field}: Leaf,");
    }
    text + "}\n" + MAIN
}

/// One in a hundred waits: what each await costs is rustc's, and grows with the square of their number.
fn statements(function: &str) -> String {
    let mut text = format!(
        "#![allow(dead_code, unused_assignments)]\nasync fn step(n: u64) -> u64 {{ n }}\nfn add(a: u64, b: u64) -> u64 {{ a + b }}\n{function} {{ let mut sum = 0;"
    );
    for statement in 0..2000 {
        let call = match statement % 100 {
            0 => format!("step({statement}).await"),
            _ => format!("add({statement}, sum)"),
        };
        let _ = writeln!(text, "sum = {call};");
    }
    text + "println!(\"{sum}\"); }"
}
