//! Has something to do at the request, and a last word.

use graceful::Shutdown;

struct Registry;

fn leave(_: &Registry) {}

#[derive(Shutdown)]
struct App {
    #[shutdown(at_request = leave, drop)]
    registry: Registry,
    #[shutdown(last)]
    logs: Registry,
}

#[graceful::main(flavor = "current_thread")]
async fn main() -> App {
    graceful::request("it is over");
    App {
        registry: Registry,
        logs: Registry,
    }
}
