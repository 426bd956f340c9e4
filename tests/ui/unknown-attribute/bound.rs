//! Bounds come from the types of the fields; what else is needed is written in the type's own `where`.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(bound = "T: Shutdown")]
struct App<T>(#[shutdown] T);

fn main() {}

// errors: 1
