use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = "close")]
    quoted: Db,
    #[shutdown(with = close(1))]
    called: Db,
    #[shutdown(with)]
    nothing: Db,
}

fn main() {}

// errors: 3
