use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    http: Db,
    #[shutdown(drop, name = "pool")]
    db: Db,
    #[shutdown(drop, after(htp))]
    slip: Db,
    #[shutdown(drop, after(metrics))]
    far: Db,
    #[shutdown(drop, after(pool))]
    name_in_reports: Db,
    #[shutdown(drop, after(http, dbb, db))]
    one_of_three: Db,
    #[shutdown(drop, after(0))]
    number: Db,
}

#[derive(Shutdown)]
struct Alone {
    #[shutdown(drop, after(http))]
    only: Db,
}

#[derive(Shutdown)]
struct Tuple(#[shutdown(drop)] Db, #[shutdown(drop, after(2))] Db);

#[derive(Shutdown)]
enum Server {
    Http {
        #[shutdown(drop)]
        http: Db,
    },
    Grpc {
        #[shutdown(drop)]
        grpc: Db,
        #[shutdown(drop, after(http))]
        of_other_variant: Db,
    },
}

fn main() {}

// errors: 8
