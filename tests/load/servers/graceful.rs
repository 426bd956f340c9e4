//! The same under graceful, by its annotations alone.

use graceful::http::Server;
use std::env;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    http: Server,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let mut http = Server::bind(graceful_load::address()).await?;
    if env::var_os("WITHOUT_HEAD_TIMEOUT").is_some() {
        http = http.configure(|hyper| {
            hyper.http1().header_read_timeout(None);
        });
    }
    let http = http.serve(graceful_load::routes());
    println!("{}", http.local_addr()?);
    Ok(App { http })
}
