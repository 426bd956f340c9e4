use graceful::Shutdown;

struct Server;

impl Server {
    async fn drain(&self) {}
    async fn stop(self) {}
    fn abort(&mut self) {}
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown(method = drain, force = stop)]
    by_value: Server,
    #[shutdown(method = drain, force = abort)]
    by_mutable_reference: Server,
}

fn main() {}

// errors: 2
