//! A batch job: Ctrl-C ends it between two rows, and the next run goes on from there.
//!
//! `cargo run --example batch; echo $?` imports 100 rows in 5 s: exit code 0. With Ctrl-C before that
//! the row that has begun is finished, the place is saved, and the exit code is 1, so that
//! `batch && next` does not go on. A second Ctrl-C, half a second later, forces the exit: 130.

use anyhow::bail;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};
use tokio::time::sleep;

const ROWS: usize = 100;

#[graceful::main]
async fn main() -> anyhow::Result<()> {
    let place = std::env::temp_dir().join("graceful-batch");
    let first = read(&place);
    // The job needs it: if it fails or panics, the job stops. Once it has succeeded, it has nothing to watch.
    tokio::spawn(graceful::critical("index", async {
        build_index().await?;
        graceful::requested().await;
        io::Result::Ok(())
    }));
    println!("importing from row {first} of {ROWS}: stop me with Ctrl-C");
    for row in first..ROWS {
        if graceful::is_requested() {
            fs::write(&place, row.to_string())?;
            bail!("stopped before row {row} of {ROWS}: start it again to go on");
        }
        import(row).await;
    }
    println!("imported all {ROWS} rows");
    if first > 0 {
        fs::remove_file(&place)?;
    }
    Ok(())
}

/// The row to begin with: where the last run was stopped, or the first one.
fn read(place: &Path) -> usize {
    let saved = fs::read_to_string(place).ok();
    saved.and_then(|row| row.parse().ok()).unwrap_or(0)
}

/// Stands for a row that is written in several steps, and must not be cut between two of them.
async fn import(_row: usize) {
    sleep(Duration::from_millis(50)).await;
}

async fn build_index() -> io::Result<()> {
    sleep(Duration::from_millis(500)).await;
    Ok(())
}
