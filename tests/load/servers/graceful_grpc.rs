//! The same under graceful: half of the streams listen to the stop, the others go on.

use graceful::grpc::{Health, Server, stopping};
use graceful_load::echo::{Echo, words};
use std::sync::atomic::{AtomicUsize, Ordering};
use tonic::service::Routes;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "2s")]
    grpc: Server,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let echo = Echo::new(|request| {
        static STREAMS: AtomicUsize = AtomicUsize::new(0);
        // Relaxed: any half will do.
        if STREAMS.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            Box::pin(stopping(request).until(words()))
        } else {
            words()
        }
    });
    let routes = Routes::new(echo).add_service(Health::new().service());
    let grpc = Server::bind(graceful_load::address()).await?.serve(routes);
    println!("{}", grpc.local_addr()?);
    Ok(App { grpc })
}
