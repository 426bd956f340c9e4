use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
#[shutdown(crate = tokio)]
struct App {
    #[shutdown(drop)]
    db: Db,
}

#[derive(Shutdown)]
#[shutdown(crate = ::missing, timeout = "5s")]
struct Missing<T> {
    #[shutdown(with = |db, _| async move { drop(db) })]
    db: T,
    name: String,
}

#[derive(Shutdown)]
#[shutdown(crate = "crate::super::x", nothing)]
struct Upwards;

fn main() {}

// errors: 3
