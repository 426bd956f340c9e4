use graceful::Shutdown;

const FIRST: u32 = 1;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(order = 1u8)]
    suffix: Db,
    #[shutdown(order = 1i64)]
    signed_suffix: Db,
    #[shutdown(order = 1.0)]
    float: Db,
    #[shutdown(order = "1")]
    string: Db,
    #[shutdown(order = '1')]
    character: Db,
    #[shutdown(order = true)]
    boolean: Db,
    #[shutdown(order = FIRST)]
    constant: Db,
    #[shutdown(order = 1 + 1)]
    sum: Db,
    #[shutdown(order = -FIRST)]
    negated: Db,
    #[shutdown(order = -1.0)]
    negative_float: Db,
}

fn main() {}

// errors: 10
