use std::sync::Arc;

struct NotDerived;

#[graceful::main]
async fn main() -> Arc<NotDerived> {
    Arc::new(NotDerived)
}

// errors: 1
