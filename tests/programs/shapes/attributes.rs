//! Attributes above and below the one of `main`: each is there to be in its way, and has no other reason.

mod part;

use part::{App, ready_once_running};
use std::io::Result;

/// Documented.
#[allow(clippy::exit)]
#[cfg(unix)]
#[tracing::instrument(skip_all)]
#[expect(unused_mut)]
#[graceful::main(worker_threads = 1)]
#[cfg_attr(unix, tracing::instrument)]
#[allow(clippy::missing_errors_doc)]
#[expect(unused_variables)]
#[cfg(not(windows))]
async fn main() -> Result<App> {
    let mut unused = 1;
    ready_once_running();
    Ok(App::new())
}

#[cfg(windows)]
#[graceful::main]
async fn main() {
    compile_error!("this is another program's main")
}
