//! Files that a person has looked at: what is written today is what stands in them. `GRACEFUL_BLESS=1` writes them anew.

use std::path::Path;

pub(crate) fn assert_golden(name: &str, written: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let file = folder.join(name);
    if std::env::var_os("GRACEFUL_BLESS").is_some() {
        std::fs::write(&file, written).expect("it can be written");
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        written,
        golden,
        "{}: look at it, then GRACEFUL_BLESS=1",
        file.display()
    );
}
