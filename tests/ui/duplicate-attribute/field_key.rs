use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(order = 1, order = 2)]
    one_attribute: Db,
    #[shutdown(order = 1)]
    #[shutdown(order = 2)]
    two_attributes: Db,
    #[shutdown(skip, skip)]
    flag: Db,
    #[shutdown(timeout = 5, timeout = "5s")]
    after_a_mistake: Db,
}

fn main() {}

// errors: 5
