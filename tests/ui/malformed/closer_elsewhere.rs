use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(wiht = |db, cx| db.close())]
    misspelt: Db,
    #[shutdown(with = |db, cx| db.close(), with = |db, cx| db.stop())]
    twice: Db,
    #[shutdown(with: |db, cx| db.close(), order = 1)]
    colon: Db,
    #[shutdown(with |db, cx| db.close())]
    no_equals: Db,
    #[shutdown(|db, cx| db.close(), order = 1)]
    no_key: Db,
    #[shutdown(drop = |db, cx| db.close())]
    not_there: Db,
    #[shutdown(timeout = |db, cx| db.close())]
    no_duration: Db,
}

fn main() {}

// errors: 7
