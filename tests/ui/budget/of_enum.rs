use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeout = "5s")]
enum Server {
    Http(#[shutdown(timeout = "3s", drop)] String),
    Grpc {
        #[shutdown(timeout = "3s", drop)]
        server: String,
        #[shutdown(timeout = "4s", drop)]
        health: String,
    },
}

fn main() {}

// errors: 1
