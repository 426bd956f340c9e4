use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(order = 1, timeout = "25s", skip)]
struct App;

fn main() {}

// errors: 2
