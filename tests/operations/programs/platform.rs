//! A service that looks at its platform: it prints what it finds.

use graceful::platform::{Platform, Probe};
use std::time::Duration;

#[graceful::main(timeout = "20s", delay = "1s")]
pub(crate) async fn main() {
    let mut platform = Platform::new();
    if std::env::var_os("PROBE").is_some() {
        platform = platform.readiness(Probe::new(Duration::from_secs(5), 3));
    }
    for warning in platform.warnings() {
        println!("warning: {warning}");
    }
    println!("that is all");
}
