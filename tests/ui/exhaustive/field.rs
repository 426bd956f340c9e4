use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(exhaustive)]
struct App {
    #[shutdown(drop)]
    log: String,
    /// Its documentation is not the field.
    name: String,
    port: u16,
    #[shutdown(skip)]
    host: String,
}

#[derive(Shutdown)]
#[shutdown(exhaustive)]
struct Tuple(Vec<u8>, #[shutdown(skip)] u8);

#[derive(Shutdown)]
#[shutdown(exhaustive)]
enum Choice {
    Nothing,
    Log { name: String },
}

fn main() {}

// errors: 4
