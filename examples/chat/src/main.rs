//! The chat by itself: `cargo run -p chat`, then `cargo run -p chat --bin chat-client -- ann` in other terminals, then Ctrl-C.

use chat::{Chat, Config};
use graceful::{Handle, health};
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
struct Program {
    #[shutdown]
    chat: Chat,
    /// After the last word of everything else.
    #[shutdown(last)]
    logs: WorkerGuard,
}

#[graceful::main(timeout = "28s")]
async fn main() -> anyhow::Result<Program> {
    let config = Config::from_env()?;
    if std::env::args().nth(1).as_deref() == Some("healthcheck") {
        health::ask(config.admin_address, "/chat/livez").await?;
        graceful::exit(0).await;
    }
    let (writer, logs) = tracing_appender::non_blocking(std::io::stdout());
    tracing_subscriber::fmt().with_writer(writer).init();
    let chat = Chat::start(config, &Handle::current()).await?;
    println!("listening on ws://{}/chat/ws", chat.address()?);
    println!("probes on http://{}/chat/readyz", chat.admin_address()?);
    Ok(Program { chat, logs })
}
