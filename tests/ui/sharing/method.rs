use graceful::Shutdown;

struct Client;

impl Client {
    async fn close(self) {}
    async fn drain(&mut self) {}
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown(method = close)]
    by_value: Client,
    #[shutdown(method = drain)]
    by_mutable_reference: Client,
}

fn main() {}

// errors: 2
