use std::sync::{Arc, Mutex};

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(drop)]
    lease: String,
}

// The lock is others' too: there has to be something to leave in it.
#[graceful::main]
async fn main() -> Arc<Mutex<App>> {
    todo!()
}

// errors: 1
