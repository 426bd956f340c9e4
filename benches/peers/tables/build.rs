//! What each adds to a build: the greeters, by `benches/build-cost.sh`.

use crate::Size;
use crate::table::Table;
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) fn measure(size: Size) -> Table {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(here.join("../build-cost.sh"))
        .arg(size.of("1", "2"))
        .args(size.of(&["select", "graceful"][..], &[]))
        .env("SERVICES", here.join("greeters"))
        .env("LOCK", here.join("Cargo.lock"))
        .stderr(Stdio::inherit())
        .output();
    let output = output.expect("bash");
    assert!(output.status.success(), "build-cost.sh: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let mut rows = text
        .lines()
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned())
        });
    let mut table = Table::new(rows.next().expect("a head"));
    for row in rows.skip(1) {
        table.row(row);
    }
    table.note(
        "`greeters/`, a service of one task each: crates without those of build scripts, copies of `syn`, processor seconds of \
         `cargo build -j1` from nothing, and the stripped binary: as it is, and with `opt-level = \"s\"`, `lto` and one \
         codegen unit (small).",
    );
    table
}
