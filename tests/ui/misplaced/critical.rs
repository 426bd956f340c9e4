use graceful::Shutdown;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
#[shutdown(critical)]
struct OnType {
    #[shutdown]
    task: JoinHandle<()>,
}

#[derive(Shutdown)]
struct Forms {
    #[shutdown(critical = true)]
    value: JoinHandle<()>,
    #[shutdown(critical("consumer"))]
    list: JoinHandle<()>,
    #[shutdown(critcal)]
    slip: JoinHandle<()>,
}

fn main() {}

// errors: 4
