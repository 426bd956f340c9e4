use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(method = "close")]
    quoted: Db,
    #[shutdown(method = Db::close)]
    path: Db,
    #[shutdown(method = Db::close())]
    called: Db,
    #[shutdown(method = |db| db.close())]
    closure: Db,
    #[shutdown(method = crate)]
    keyword: Db,
}

fn main() {}

// errors: 5
