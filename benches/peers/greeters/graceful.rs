//! With `graceful`:
//!
//! ```toml
//! graceful-app = { path = "../.." }
//! tokio = { version = "1", features = ["macros", "net"] }
//! ```

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

async fn greet(listener: TcpListener) -> std::io::Result<()> {
    let mut stop = graceful::requested();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            () = &mut stop => return Ok(()),
        }
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    server: JoinHandle<std::io::Result<()>>,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = tokio::spawn(greet(listener));
    println!("ready");
    Ok(App { server })
}
