//! Services that end by one signal or another, and of it.

use crate::{builder, ms, ready_once_running, say};
use graceful::{Context, EndBy, Result, Shutdown, Signal};
use std::future::pending;
use std::process::ExitCode;

struct Close(&'static str);

impl Shutdown for Close {
    async fn shutdown(self, _cx: Context) -> Result {
        match self.0 {
            "hangs" => pending().await,
            "exits" => graceful::exit(3).await,
            _ => {}
        }
        say("closed");
        Ok(())
    }
}

fn serve(close: &'static str) -> ExitCode {
    let builder = builder().end(EndBy::Signal).timeout(ms(20_000));
    builder.run_state(async move {
        ready_once_running();
        Ok::<_, std::io::Error>(Close(close))
    })
}

pub(crate) fn closed() -> ExitCode {
    serve("closes")
}

pub(crate) fn hanging() -> ExitCode {
    serve("hangs")
}

/// Ends with its code.
pub(crate) fn hears(signals: &[Signal]) -> ExitCode {
    let builder = builder().signals(signals.iter().copied());
    builder.timeout(ms(20_000)).run_state(async {
        ready_once_running();
        Ok::<_, std::io::Error>(Close("closes"))
    })
}

/// A code that is asked for is given.
pub(crate) fn exiting() -> ExitCode {
    serve("exits")
}

/// Not by a signal.
pub(crate) fn requested() -> ExitCode {
    let builder = builder().end(EndBy::Signal).timeout(ms(20_000));
    builder.run_state(async {
        graceful::request("no more work");
        Ok::<_, std::io::Error>(Close("closes"))
    })
}

/// Its own body hears of the signal.
#[graceful::main(end = "signal", report = "always", flavor = "current_thread")]
pub(crate) async fn main() -> std::result::Result<(), std::io::Error> {
    say("ready");
    graceful::requested().await;
    say("closed");
    Ok(())
}
