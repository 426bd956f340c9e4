//! The same under graceful, by its annotations alone.

use graceful::http::Server;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    http: Server,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let http = Server::bind(graceful_load::address()).await?;
    let http = http.serve(graceful_load::routes());
    println!("{}", http.local_addr()?);
    Ok(App { http })
}
