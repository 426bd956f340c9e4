use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(order = 0x1_0000_0000)]
    hexadecimal: Db,
    #[shutdown(order = (1))]
    parentheses: Db,
}

fn main() {}

// errors: 2
