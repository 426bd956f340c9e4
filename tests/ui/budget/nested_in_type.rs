use graceful::Shutdown;

#[derive(Shutdown)]
struct Pools {
    #[shutdown(timeout = "3s", drop)]
    primary: String,
    #[shutdown(timeout = "3s", drop)]
    replica: String,
}

#[derive(Shutdown)]
#[shutdown(timeout = "8s")]
struct App {
    #[shutdown(timeout = "3s", drop)]
    http: String,
    #[shutdown]
    pools: Option<Pools>,
}

fn main() {}

// errors: 1
