//! What an expansion imports stays in it.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App;

fn not_imported() {
    drop(__graceful_plan::<App>());
    __graceful_private::forgotten(false, "");
}

fn main() {
    not_imported();
}

// errors: 2
