use graceful::Shutdown;

struct Db;

impl Db {
    async fn drain(self) {}
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = drian)]
    db: Db,
}

fn main() {}

// errors: 1
