use graceful::Shutdown;

mod db {
    pub struct Db;

    impl Db {
        async fn close(self) {}
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    db: db::Db,
}

fn main() {}

// errors: 1
