use graceful::Shutdown;

struct Db;

impl Db {
    async fn close(self) {}
}

#[derive(Shutdown)]
struct App {
    #[shutdown(with = || async {})]
    none: Db,
    #[shutdown(with = |db| db.close())]
    one: Db,
    #[shutdown(with = async move |db: Db| db.close().await)]
    one_async: Db,
    #[shutdown(with = |db, cx, again| async move { db.close().await })]
    three: Db,
}

fn main() {}

// errors: 4
