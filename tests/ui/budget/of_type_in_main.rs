use graceful::Shutdown;

struct Db;

impl Db {
    async fn close(&self) {}
}

#[derive(Shutdown)]
#[shutdown(timeout = "4s")]
struct Pools {
    #[shutdown(order = 1, timeout = "3s", method = close)]
    primary: Db,
    #[shutdown(order = 2, timeout = "2s", method = close)]
    replica: Db,
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    pools: Pools,
    #[shutdown(timeout = "1s", method = close)]
    cache: Db,
}

#[graceful::main]
async fn main() -> App {
    let pools = Pools { primary: Db, replica: Db };
    App { pools, cache: Db }
}

// errors: 1
