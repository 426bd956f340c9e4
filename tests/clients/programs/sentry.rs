//! `sentry`: events that wait to be sent.

use crate::service::{Beside, case, port, ready};
use graceful::{Context, Result};
use sentry::ClientInitGuard;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    // `false` where something was not sent: a failure.
    #[shutdown(timeout = "1s", with = |sentry: ClientInitGuard, cx: Context| sentry.close(Some(cx.remaining())))]
    sentry: ClientInitGuard,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    assert_eq!(case(), "load");
    let to = format!("http://public@127.0.0.1:{}/1", port());
    let sentry = sentry::init(to);
    for number in 0..20 {
        let text = format!("event {number}");
        sentry::capture_message(&text, sentry::Level::Error);
    }
    ready();
    Ok(Service {
        sentry,
        beside: Beside,
    })
}
