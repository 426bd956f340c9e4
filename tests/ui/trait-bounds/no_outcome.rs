use graceful::Shutdown;

struct Db;

impl Db {
    fn close(self) -> std::thread::ThreadId {
        std::thread::current().id()
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    db: Db,
}

fn main() {}

// errors: 1
