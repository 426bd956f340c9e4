use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "")]
    empty: Db,
    #[shutdown(timeout = " ")]
    blank: Db,
    #[shutdown(timeout = "5")]
    no_unit: Db,
    #[shutdown(timeout = "s")]
    no_number: Db,
    #[shutdown(timeout = "-5s")]
    negative: Db,
    #[shutdown(timeout = "+5s")]
    positive: Db,
    #[shutdown(timeout = "1.5s")]
    fraction: Db,
    #[shutdown(timeout = "1.5")]
    fraction_without_unit: Db,
    #[shutdown(timeout = "5 parsecs")]
    unit: Db,
    #[shutdown(timeout = "5S")]
    upper_case: Db,
    #[shutdown(timeout = "1e3s")]
    exponent: Db,
}

fn main() {}

// errors: 11
