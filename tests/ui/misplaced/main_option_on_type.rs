use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "25s", grace = "30s", pre_stop = "5s", delay = "5s", signals(SIGTERM))]
struct App;

fn main() {}

// errors: 4
