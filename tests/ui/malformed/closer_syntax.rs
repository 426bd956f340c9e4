use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |db, cx| async move { let = db.close(); })]
    inside: Db,
    #[shutdown(with = |db, cx| async move { db. })]
    at_the_end_of_the_block: Db,
    #[shutdown(with = |db, cx| db.)]
    at_the_end: Db,
    #[shutdown(with = |db, cx| )]
    no_body: Db,
    #[shutdown(with = |db, cx)]
    parameters_without_end: Db,
    #[shutdown(with = |db cx| db.close(), order = 1)]
    no_comma: Db,
}

fn main() {}

// errors: 6
