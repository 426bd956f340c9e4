use graceful::Shutdown;

struct Connection;

impl Connection {
    async fn close(self, _code: u16, _reason: &str) {}
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close(1000, "bye"))]
    connection: Connection,
}

fn main() {}

// errors: 1
