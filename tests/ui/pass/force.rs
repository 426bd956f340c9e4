//! What does not end near its limit has a hard way.

use graceful::{Context, Result, Shutdown};

struct Server;

impl Server {
    async fn drain(&self) -> Result {
        Ok(())
    }

    fn drain_all(&mut self) {}

    async fn stop(self) {}

    fn abort(&self) -> bool {
        true
    }

    fn abort_after(&self, _seconds: u64) {}
}

#[derive(Clone)]
struct Pool;

impl Pool {
    async fn close(self, _cx: Context) {}

    async fn abort(&self) {}
}

impl Shutdown for Pool {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

#[derive(Shutdown)]
struct App<S: Shutdown + Clone + Abort, T: Send + Abort + 'static> {
    #[shutdown(timeout = "5s", method = drain, force = stop)]
    server: Server,
    #[shutdown(method = drain_all, force = abort)]
    mutable: Server,
    #[shutdown(method = drain, force = stop)]
    optional: Option<Server>,
    #[shutdown(method = drain, force = abort_after(1))]
    boxed: Box<Server>,
    #[shutdown(timeout = "5s", force = abort)]
    pool: Pool,
    #[shutdown(with = Pool::close, force = abort)]
    with: Pool,
    #[shutdown(with = |pool, cx| async move { pool.close(cx).await }, force = abort)]
    closure: Pool,
    #[shutdown(force = abort_it)]
    own: S,
    #[shutdown(method = end, force = abort_it)]
    other: T,
}

trait Abort {
    fn end(&mut self) {}

    fn abort_it(&self) {}
}

impl Abort for Pool {}

impl Abort for Server {}

#[graceful::main]
async fn main() -> App<Pool, Server> {
    graceful::request("a test");
    App {
        server: Server,
        mutable: Server,
        optional: None,
        boxed: Box::new(Server),
        pool: Pool,
        with: Pool,
        closure: Pool,
        own: Pool,
        other: Server,
    }
}
