//! What a program did, for who started it: in a file, since its outputs are among what fails.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// The variable that names the file.
pub const VARIABLE: &str = "PEERS_MARKS";

/// Writes a line; small appends to a file are not torn.
///
/// # Panics
///
/// If [`VARIABLE`] names no file that can be written.
pub fn mark(text: &str) {
    let path = std::env::var_os(VARIABLE).expect("the harness says where marks go");
    let file = File::options().create(true).append(true).open(path);
    let mut file = file.expect("the file can be opened");
    let line = format!("{text}\n");
    file.write_all(line.as_bytes()).expect("it can be written");
}

/// All lines so far.
pub fn read(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
