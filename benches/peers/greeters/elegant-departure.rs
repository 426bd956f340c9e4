//! With elegant-departure and its tokio integration, as in its example `worker` (<https://docs.rs/elegant-departure>):
//!
//! ```toml
//! elegant-departure = { version = "0.3", features = ["tokio"] }
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
//! ```

use tokio::net::TcpListener;

async fn greet(listener: TcpListener) -> std::io::Result<()> {
    let guard = elegant_departure::get_shutdown_guard();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            () = guard.wait() => return Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let departs = elegant_departure::tokio::depart().on_termination();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = tokio::spawn(greet(listener));
    println!("ready");
    departs.await;
    server.await?
}
