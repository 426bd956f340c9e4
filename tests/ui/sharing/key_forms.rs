use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(shared = true)]
struct Value;

#[derive(Shutdown)]
#[shutdown(shared, shared)]
struct Twice;

#[derive(Shutdown)]
#[shutdown(share)]
struct Misspelled;

#[derive(Shutdown)]
struct OnField {
    #[shutdown(shared)]
    log: String,
}

fn main() {}

// errors: 4
