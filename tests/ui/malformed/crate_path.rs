use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(crate = "")]
struct Empty;

#[derive(Shutdown)]
#[shutdown(crate = "1")]
struct Number;

#[derive(Shutdown)]
#[shutdown(crate = "a::")]
struct Unfinished;

#[derive(Shutdown)]
#[shutdown(crate = "Self::x")]
struct OfSelf;

#[derive(Shutdown)]
#[shutdown(crate = 456)]
struct Integer;

#[derive(Shutdown)]
#[shutdown(crate = graceful::<u8>)]
struct Generic;

fn main() {}

// errors: 6
