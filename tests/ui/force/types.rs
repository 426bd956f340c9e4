//! What the close has taken can't be forced.

use graceful::{Context, Result, Shutdown};

struct Server;

impl Server {
    async fn drain(&self) {}

    async fn close(self) {}

    fn stop(&self) {}
}

impl Shutdown for Server {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

async fn close(_server: Server, _cx: Context) {}

#[derive(Shutdown)]
struct ByValue {
    #[shutdown(method = close, force = stop)]
    server: Server,
}

#[derive(Shutdown)]
struct Own {
    #[shutdown(force = stop)]
    server: Server,
}

#[derive(Shutdown)]
struct With {
    #[shutdown(with = close, force = stop)]
    server: Server,
}

#[derive(Shutdown)]
struct Unknown {
    #[shutdown(method = drain, force = kill)]
    server: Server,
}

fn main() {}

// errors: 4
