use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown = "1"]
    assigned: Db,
    #[shutdown[order = 1]]
    brackets: Db,
    #[shutdown{order = 1}]
    braces: Db,
    #[shutdown()]
    empty: Db,
}

#[derive(Shutdown)]
#[shutdown]
struct OnType;

fn main() {}

// errors: 5
