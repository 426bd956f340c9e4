use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    http: Db,
    #[shutdown(drop, after)]
    nothing: Db,
    #[shutdown(drop, after())]
    empty: Db,
    #[shutdown(drop, after = http)]
    value: Db,
    #[shutdown(drop, after["http"])]
    brackets: Db,
    #[shutdown(drop, after("http"))]
    quoted: Db,
    #[shutdown(drop, after(self.http))]
    path: Db,
    #[shutdown(drop, after(http nothing))]
    no_comma: Db,
    #[shutdown(drop, after(http; nothing))]
    semicolon: Db,
    #[shutdown(drop, after(http,, nothing))]
    two_commas: Db,
    #[shutdown(drop, after(http), after(nothing))]
    two_keys: Db,
    #[shutdown(drop, after(0u8, -1, 1.0))]
    numbers: Db,
}

#[derive(Shutdown)]
#[shutdown(after(http))]
struct OnType;

fn main() {}

// errors: 14
