use graceful::Shutdown;
use std::rc::Rc;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    cache: Rc<u8>,
}

fn main() {}

// errors: 2
