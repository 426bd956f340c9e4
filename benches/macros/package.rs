//! A package of programs that are checked one by one.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) struct Package(PathBuf);

impl Package {
    pub(crate) fn new() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros");
        fs::create_dir_all(folder.join("src/bin"))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let manifest = format!(
            "[workspace]\n[package]\nname = 'macros'\nedition = '2024'\n\
             [dependencies]\ngraceful-app = {{ path = '{}' }}\n\
             tokio = {{ version = '1', features = ['macros', 'rt'] }}\n",
            root.display()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        Ok(Self(folder))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> Result<()> {
        Ok(fs::write(self.source(name), text)?)
    }

    /// From the moment that it has changed.
    pub(crate) fn check(&self, name: &str) -> Result<Duration> {
        self.check_with(name, |_| Ok(()))
    }

    pub(crate) fn check_with(
        &self,
        name: &str,
        set: impl FnOnce(&mut Command) -> Result<()>,
    ) -> Result<Duration> {
        let text = fs::read(self.source(name))?;
        fs::write(self.source(name), text)?;
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["check", "--offline", "--quiet", "--bin", name])
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .current_dir(&self.0);
        set(&mut cargo)?;
        let start = Instant::now();
        let status = cargo.status()?;
        let time = start.elapsed();
        if status.success() {
            Ok(time)
        } else {
            Err(format!("{name} does not compile").into())
        }
    }

    fn source(&self, name: &str) -> PathBuf {
        self.0.join("src/bin").join(name).with_extension("rs")
    }
}
