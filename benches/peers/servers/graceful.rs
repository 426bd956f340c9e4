//! With `graceful::http`, as in its documentation.

use graceful::http::Server;
use graceful_peers::pages;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "2s")]
    http: Server,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let http = Server::bind("127.0.0.1:0").await?.serve(pages::routes());
    println!("{}", http.local_addr()?);
    Ok(App { http })
}
