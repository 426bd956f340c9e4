//! rustc's own: a derive is for types.

#[derive(graceful::Shutdown)]
fn close() {}

fn main() {}

// errors: 1
