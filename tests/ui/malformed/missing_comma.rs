//! The comma that is missing is the one mistake, and the keys on both sides of it are read.

use graceful::Shutdown;

struct Db;

impl Db {
    async fn close(&self) {}
}

#[derive(Shutdown)]
#[shutdown(timeout = "25s" exhaustive)]
struct App {
    #[shutdown(drop timeout = "5s")]
    behind_a_flag: Db,
    #[shutdown(timeout = "5s" order = 3)]
    behind_a_value: Db,
    #[shutdown(after(behind_a_flag) drop)]
    behind_a_list: Db,
    #[shutdown(method = close timeout = "5s" order = 4)]
    two: Db,
    #[shutdown(with = |db, _| async move { db.close().await } timeout = "5s")]
    behind_a_closure: Db,
    #[shutdown(drop skip)]
    conflict: Db,
}

#[graceful::main(signals(SIGTERM SIGINT) timeout = "5s")]
async fn main() {}

// errors: 11
