use graceful::Shutdown;

struct Db;

struct CloseError;

impl Db {
    fn close(self) -> Result<(), CloseError> {
        Ok(())
    }

    async fn close_later(self) -> Result<(), CloseError> {
        Ok(())
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    db: Db,
    #[shutdown(method = close_later)]
    other: Db,
}

fn main() {}

// errors: 2
