use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = 5)]
    integer: Db,
    #[shutdown(timeout = 5u64)]
    suffixed: Db,
    #[shutdown(timeout = 5.0)]
    float: Db,
    #[shutdown(timeout = true)]
    boolean: Db,
    #[shutdown(timeout = '5')]
    character: Db,
    #[shutdown(timeout = b"5s")]
    bytes: Db,
    #[shutdown(timeout = c"5s")]
    c_string: Db,
    #[shutdown(timeout = "5s"suffix)]
    string_with_suffix: Db,
    #[shutdown(timeout = [5])]
    array: Db,
}

fn main() {}

// errors: 9
