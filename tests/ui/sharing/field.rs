use graceful::{Context, Shutdown};
use std::sync::Mutex;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Db;

#[derive(Clone)]
struct NotShutdown;

struct Client;

impl Client {
    async fn close(self) {}
    async fn drain(&mut self) {}
}

async fn close(_client: Client, _cx: Context) {}

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown]
    db: Db,
    #[shutdown]
    worker: Mutex<JoinHandle<()>>,
    #[shutdown]
    not_shutdown: NotShutdown,
    #[shutdown]
    nothing_to_take: Mutex<Option<NotShutdown>>,
    #[shutdown(drop)]
    log: Vec<String>,
    #[shutdown(with = close)]
    by_path: Client,
    #[shutdown(with = |client: Client, _| client.close())]
    by_closure: Client,
}

fn main() {}

// errors: 7
