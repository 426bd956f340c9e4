use graceful::Shutdown;
use std::sync::Arc;

mod elsewhere {
    pub struct Client;

    impl Client {
        pub async fn close(&self) {}
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    client: Arc<elsewhere::Client>,
}

fn main() {}

// errors: 1
