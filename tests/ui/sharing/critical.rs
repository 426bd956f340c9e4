use graceful::Shutdown;
use std::sync::Mutex;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown(critical, timeout = "5s")]
    consumer: Mutex<Option<JoinHandle<()>>>,
    #[shutdown]
    #[shutdown(critical)]
    producer: JoinHandle<()>,
}

fn main() {}

// errors: 2
