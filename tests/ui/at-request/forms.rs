use graceful::Shutdown;
use tokio::task::JoinHandle;

struct Registry;

#[derive(Shutdown)]
struct App {
    #[shutdown(at_request, drop)]
    nothing: Registry,
    #[shutdown(at_request = "leave", drop)]
    quoted: Registry,
    #[shutdown(at_request = leave(), drop)]
    called: Registry,
    #[shutdown(at_request = |registry, cx| async move {}, drop)]
    two: Registry,
    #[shutdown(at_request = leave, critical)]
    critical: JoinHandle<()>,
    #[shutdown(last, at_request = leave)]
    last: Registry,
    #[shutdown(skip, at_request = leave)]
    skip: Registry,
}

fn main() {}

// errors: 7
