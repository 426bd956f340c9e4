use graceful::{Context, Result, Shutdown};

struct Db;

impl Shutdown for Db {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App {
    /// The error is on the type, not here.
    db: Db,
    replica: Option<Db>,
    name: String,
    #[shutdown(skip)]
    kept: Db,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Tuple(Db, u8);

#[derive(Shutdown)]
#[shutdown(nothing)]
enum Either {
    Left { db: Db },
    Right(Vec<Db>),
}

fn main() {}

// errors: 5
