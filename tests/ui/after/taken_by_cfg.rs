use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[cfg(any())]
    #[shutdown(drop)]
    http: Db,
    #[shutdown(drop)]
    grpc: Db,
    #[shutdown(drop, after(http))]
    db: Db,
}

fn main() {}

// errors: 1
