//! The same under graceful.

use graceful::http::Server;
use graceful_load::{address, routes, server_tls};

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    http: Server,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let http = Server::bind(address()).await?.tls(server_tls());
    let http = http.serve(routes());
    println!("{}", http.local_addr()?);
    Ok(App { http })
}
