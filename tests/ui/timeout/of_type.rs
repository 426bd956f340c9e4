//! A type's budget is read as a field's timeout is.

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "0s")]
struct Zero;

#[derive(Shutdown)]
#[shutdown(timeout = "25")]
struct NoUnit;

#[derive(Shutdown)]
#[shutdown(timeout = 25s)]
struct Bare;

#[derive(Shutdown)]
#[shutdown(timeout = "1e3s")]
struct Exponent;

fn main() {}

// errors: 4
