use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "25s")]
#[shutdown(shared, timeout = "20s", shared)]
struct App;

fn main() {}

// errors: 2
