use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(crate = graceful)]
    db: u8,
}

fn main() {}

// errors: 1
