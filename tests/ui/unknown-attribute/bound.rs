//! Bounds come from the types of the fields; what else is needed is written in the type's own `where`.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(bound = "T: Shutdown")]
struct OnType<T>(#[shutdown] T);

#[derive(Shutdown)]
struct OnField<T>(#[shutdown(bound = "T: Shutdown")] T);

#[derive(Shutdown)]
#[shutdown(bounds(T: Shutdown))]
struct InPlural<T>(#[shutdown] T);

fn main() {}

// errors: 3
