use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Marked {
    #[shutdown(drop)]
    db: Db,
}

#[derive(Shutdown)]
#[shutdown(nothing, timeout = "5s")]
struct Limited;

#[derive(Shutdown)]
#[shutdown(nothing = true)]
struct Value;

#[derive(Shutdown)]
#[shutdown(nothin)]
struct Misspelled;

#[derive(Shutdown)]
struct OnField {
    #[shutdown(nothing)]
    db: Db,
}

fn main() {}

// errors: 5
