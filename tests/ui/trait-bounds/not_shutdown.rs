use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    /// The error is on the type, not here.
    #[shutdown(timeout = "2s")]
    db: Db,
    #[shutdown]
    replicas: Vec<Db>,
}

fn main() {}

// errors: 2
