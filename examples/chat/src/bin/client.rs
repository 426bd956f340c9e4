//! `cargo run -p chat --bin chat-client -- ann`: says what is typed, prints what is said, and comes back after a restart of the chat.

use chat::client::{Line, talk};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::mpsc::channel;

#[graceful::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let mut arguments = std::env::args().skip(1);
    let user_id = arguments.next().unwrap_or_else(|| "somebody".to_owned());
    let address = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:3000".to_owned());

    let (say, to_say) = channel(1);
    let (hear, mut heard) = channel::<Line>(1);
    tokio::spawn(async move {
        let mut typed = BufReader::new(tokio::io::stdin()).lines();
        while let Ok(Some(text)) = typed.next_line().await {
            if say.send(text).await.is_err() {
                break;
            }
        }
    });
    tokio::spawn(async move {
        while let Some(line) = heard.recv().await {
            println!("{}: {}", line.user_id, line.text);
        }
    });
    graceful::until_requested(Box::pin(talk(&address, &user_id, to_say, hear))).await;
    Ok(())
}
