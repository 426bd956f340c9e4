use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(order)]
    no_value: Db,
    #[shutdown(order =)]
    half_typed: Db,
    #[shutdown(order 1)]
    no_equals: Db,
    #[shutdown(order: 1)]
    colon: Db,
    #[shutdown(order(1))]
    called: Db,
    #[shutdown(order == 1)]
    compared: Db,
    #[shutdown(order = 1 2)]
    two_values: Db,
    #[shutdown(order = 1; timeout = "5s")]
    semicolon: Db,
    #[shutdown(ord)]
    half_a_key: Db,
}

fn main() {}

// errors: 9
