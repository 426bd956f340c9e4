use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "25s")]
#[shutdown(timeout = "30s")]
struct App;

fn main() {}

// errors: 1
