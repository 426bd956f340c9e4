//! What is done at the request, with each way to close.

use graceful::{Context, Result, Shutdown};
use std::sync::Arc;

struct Registry;

impl Registry {
    async fn leave(&self) -> Result {
        Ok(())
    }

    fn mark_down(&self) {}

    async fn close(self) {}
}

impl Shutdown for Registry {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

async fn close(_registry: Registry, _cx: Context) {}

fn tell(peers: &[String]) -> bool {
    peers.is_empty()
}

#[derive(Shutdown)]
struct App<T: Send + Sync + 'static, S: Shutdown + Sync> {
    #[shutdown(at_request = Registry::leave)]
    own: Registry,
    #[shutdown(at_request = Registry::mark_down, method = close, timeout = "2s")]
    method: Registry,
    #[shutdown(at_request = |registry| registry.leave(), method = close)]
    optional_call: Registry,
    #[shutdown(at_request = |registry| async move { registry.leave().await }, with = close)]
    with: Registry,
    #[shutdown(at_request = Registry::leave, with = |registry, _| registry.close())]
    with_closure: Registry,
    #[shutdown(at_request = Registry::leave, drop)]
    behind: Arc<Registry>,
    #[shutdown(at_request = tell, drop, order = 0)]
    peers: Vec<String>,
    #[shutdown(at_request = |_| {}, drop)]
    generic: T,
    #[shutdown(at_request = |_| async {}, after(own))]
    service: S,
    #[shutdown(at_request = |registry| async move {
        if let Some(registry) = registry { registry.leave().await } else { Ok(()) }
    }, method = close)]
    optional: Option<Registry>,
}

#[derive(Shutdown)]
enum Place {
    Nowhere,
    There(#[shutdown(at_request = Registry::leave)] Registry),
}

#[graceful::main]
async fn main() -> App<u8, [Place; 2]> {
    graceful::request("a test");
    let draining = graceful::draining();
    tokio::spawn(draining);
    App {
        own: Registry,
        method: Registry,
        optional_call: Registry,
        with: Registry,
        with_closure: Registry,
        behind: Arc::new(Registry),
        peers: Vec::new(),
        generic: 7,
        service: [Place::Nowhere, Place::There(Registry)],
        optional: None,
    }
}
