//! Programs of which the person on call wants to know something: `operations <program>`.

mod blocked;
mod closely;
mod measured;
mod notified;
mod parts;
mod platform;
mod threadless;
mod traced;

use std::process::ExitCode;

fn main() -> ExitCode {
    let program = std::env::args().nth(1);
    match program.as_deref() {
        Some("closely") => closely::main(),
        Some("measured") => measured::main(),
        Some("notified") => notified::main(),
        Some("notified, then blocked") => blocked::main(),
        Some("platform") => {
            platform::main();
            ExitCode::SUCCESS
        }
        Some("threadless") => {
            threadless::main();
            ExitCode::SUCCESS
        }
        Some("traced") => traced::main(),
        other => panic!("no program {other:?}"),
    }
}
