use graceful::Shutdown;

#[derive(Shutdown)]
enum Server {
    #[shutdown(order = 1)]
    Http(u8),
    #[shutdown]
    Grpc,
}

fn main() {}

// errors: 2
