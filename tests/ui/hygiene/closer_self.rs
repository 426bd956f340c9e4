//! Neither a field that was copied, nor one that was moved: not the value that is closed.

use graceful::Shutdown;

struct Db;

#[derive(Shutdown)]
struct App {
    #[shutdown(with = |_, _| async move { drop(self.id) })]
    db: Db,
    id: u8,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown(with = |_, _| async move { drop(self.id) })]
    db: std::sync::Arc<Db>,
    id: u8,
}

fn main() {}

// errors: 2
