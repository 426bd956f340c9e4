use graceful::Shutdown;
use std::sync::Mutex;
use tokio::task::JoinHandle;

struct Server;

#[derive(Shutdown)]
struct App {
    #[shutdown(force, method = drain)]
    nothing: Server,
    #[shutdown(force = "stop", method = drain)]
    quoted: Server,
    #[shutdown(force = Server::stop(1), method = drain)]
    path: Server,
    #[shutdown(drop, force = stop)]
    drop: Server,
    #[shutdown(critical, force = abort)]
    critical: JoinHandle<()>,
    #[shutdown(last, force = stop)]
    last: Server,
    #[shutdown(at_request = leave, force = stop)]
    at_request: Server,
    #[shutdown(skip, force = stop)]
    skip: Server,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown(force = stop)]
    server: Mutex<Option<Server>>,
}

fn main() {}

// errors: 9
