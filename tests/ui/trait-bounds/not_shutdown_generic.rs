use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App<T> {
    #[shutdown]
    inner: T,
}

fn close(_: impl Shutdown) {}

fn main() {
    close(App { inner: Db });
}

// errors: 1
