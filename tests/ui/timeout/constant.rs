//! What is in a constant is read by the compiler, and proven as words are.

use graceful::Shutdown;
use std::time::Duration;

mod limits {
    use super::Duration;

    pub const LONG: Duration = Duration::from_secs(10);
    pub const NONE: Duration = Duration::ZERO;
    pub const NO_UNIT: &str = "5";
    pub const WORDS: &str = "five seconds";
    pub const FRACTION: &str = "1.5s";
    pub const NUMBER: u64 = 5;
}

const BUDGET: &str = "5s";

struct Db;

impl Db {
    async fn close(self) {}
}

#[derive(Shutdown)]
#[shutdown(timeout = BUDGET)]
struct OverItsBudget {
    #[shutdown(timeout = limits::LONG, method = close)]
    db: Db,
}

#[derive(Shutdown)]
struct Inner {
    #[shutdown(timeout = limits::LONG, method = close)]
    db: Db,
}

#[derive(Shutdown)]
struct OverItsTimeout {
    #[shutdown(timeout = BUDGET)]
    inner: Inner,
}

#[derive(Shutdown)]
struct Zero {
    #[shutdown(timeout = limits::NONE, method = close)]
    db: Db,
}

#[derive(Shutdown)]
struct NoUnit {
    #[shutdown(timeout = limits::NO_UNIT, method = close)]
    db: Db,
}

#[derive(Shutdown)]
#[shutdown(timeout = limits::WORDS)]
struct Words {
    #[shutdown(method = close)]
    db: Db,
}

#[derive(Shutdown)]
struct OfNoDuration {
    #[shutdown(timeout = limits::NUMBER, method = close)]
    db: Db,
}

#[derive(Shutdown)]
struct OfItself<T> {
    #[shutdown(timeout = Self::LIMIT, method = close)]
    db: Db,
    rest: std::marker::PhantomData<T>,
}

impl<T> OfItself<T> {
    const LIMIT: &'static str = limits::FRACTION;
}

#[graceful::main]
async fn main() -> OfItself<u8> {
    todo!()
}

// errors: 7
