//! What is closed on a thread of its own can't borrow.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App<'a> {
    #[shutdown(skip)]
    name: &'a str,
}

fn main() {
    let name = String::new();
    graceful::manage(App { name: &name });
}

// errors: 1
