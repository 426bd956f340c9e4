//! What an expansion imports stays in it.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App;

fn not_imported() {
    drop(__graceful::plan::<App>());
    __graceful::forgotten(false, "");
}

fn main() {
    not_imported();
}

// errors: 2
