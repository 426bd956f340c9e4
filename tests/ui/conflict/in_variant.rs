use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
enum Server {
    Http(#[shutdown(skip, drop)] Db),
    Grpc {
        #[shutdown(method = close, with = close)]
        db: Db,
    },
}

fn main() {}

// errors: 2
