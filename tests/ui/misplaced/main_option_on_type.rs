use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "25s", grace = "30s", pre_stop = "5s")]
struct App;

fn main() {}

// errors: 2
