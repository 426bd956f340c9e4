use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct Two {
    #[shutdown(drop, after(sagas))]
    http: Db,
    #[shutdown(drop, after(http))]
    sagas: Db,
}

#[derive(Shutdown)]
struct Three {
    #[shutdown(drop, after(c))]
    a: Db,
    #[shutdown(drop)]
    before: Db,
    #[shutdown(drop, after(before, a))]
    b: Db,
    #[shutdown(drop, after(b))]
    c: Db,
    #[shutdown(drop, after(c))]
    behind: Db,
}

#[derive(Shutdown)]
struct ByOrder {
    #[shutdown(drop, after(audit))]
    #[shutdown(order = 0)]
    http: Db,
    #[shutdown(drop, after(db))]
    audit: Db,
    #[shutdown(drop)]
    db: Db,
}

#[derive(Shutdown)]
struct TwoCycles {
    #[shutdown(drop, after(b))]
    a: Db,
    #[shutdown(drop, after(a))]
    b: Db,
    #[shutdown(drop, after(d))]
    c: Db,
    #[shutdown(drop, after(c))]
    d: Db,
}

#[derive(Shutdown)]
struct Tuple(#[shutdown(drop, after(1))] Db, #[shutdown(drop, after(0))] Db);

#[derive(Shutdown)]
enum Server {
    Http {
        #[shutdown(drop, after(r#type))]
        http: Db,
        #[shutdown(drop, after(http), name = "kind")]
        r#type: Db,
    },
}

fn main() {}

// errors: 7
