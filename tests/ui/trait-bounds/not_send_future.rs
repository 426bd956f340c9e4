use graceful::Shutdown;
use std::rc::Rc;

struct Db;

impl Db {
    async fn close(&mut self) {
        let local = Rc::new(());
        std::future::ready(()).await;
        drop(local);
    }
}

#[derive(Shutdown)]
struct ByMethod {
    #[shutdown(method = close)]
    db: Db,
}

#[derive(Shutdown)]
struct ByClosure {
    #[shutdown(with = |mut db: Db, _cx| async move { db.close().await })]
    db: Db,
}

fn main() {}

// errors: 2
