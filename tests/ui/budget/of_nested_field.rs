use graceful::Shutdown;

#[derive(Shutdown)]
struct Pools {
    #[shutdown(timeout = "3s", drop)]
    primary: String,
    #[shutdown(timeout = "3s", drop)]
    replica: String,
}

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    pools: Pools,
}

fn main() {}

// errors: 1
