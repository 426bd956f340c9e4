use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
enum Server {
    Http(#[shutdown(ordr = 1)] Db),
    Grpc {
        #[shutdown(metod = close)]
        db: Db,
    },
}

fn main() {}

// errors: 2
