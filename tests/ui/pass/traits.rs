//! The trait need not be imported, and other `shutdown`s are not in the way.

#![deny(warnings)]

#[allow(dead_code)]
trait Other: Sized {
    fn shutdown(&mut self);
    fn close(self) -> u8;
    fn call(self) {}
    fn keep(self) {}
    fn run(self) {}
    fn drop(self) {}
    fn variant(self) {}
    fn order(self) {}
    fn timeout(self) {}
    fn plan(self) {}
    fn outcome(self) {}
    fn own(self) {}
    fn clone(self) {}
    fn check(self) {}
    fn shutdown_shared(self) {}
    fn worker_threads(self) {}
}

impl<T: Sized> Other for T {
    fn shutdown(&mut self) {}
    fn close(self) -> u8 {
        0
    }
}

struct Db;

impl Db {
    #[allow(dead_code)]
    fn shutdown(self) {
        panic!("not this one");
    }
}

impl graceful::Shutdown for Db {
    async fn shutdown(self, _cx: graceful::Context) -> graceful::Result {
        Ok(())
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown]
    db: Db,
    #[shutdown(with = |_, _| {})]
    other: u8,
    #[shutdown(drop)]
    dropped: u8,
}

#[derive(Clone)]
struct Handle;

impl graceful::Shutdown for Handle {
    async fn shutdown(self, _cx: graceful::Context) -> graceful::Result {
        Ok(())
    }
}

#[allow(dead_code)]
#[derive(graceful::Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown]
    handle: Handle,
    #[shutdown(with = |_, _| {})]
    other: u8,
    #[shutdown(drop)]
    dropped: std::sync::Mutex<u8>,
}

impl App {
    #[allow(dead_code)]
    fn shutdown(self) {
        panic!("not this one");
    }
}

#[graceful::main(flavor = "current_thread")]
async fn main() {
    let app = App { db: Db, other: 1, dropped: 2 };
    graceful::manage(app);
}
