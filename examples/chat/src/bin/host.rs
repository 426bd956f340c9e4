//! A program that has signals and a log of its own, and a chat as one of its parts: `cargo run -p chat --bin chat-host`.

use chat::{Chat, Config};
use graceful::Embedded;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// What the host gives each of its parts.
const WITHIN: Duration = Duration::from_secs(25);

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    tracing_subscriber::fmt().init();
    // From the first line on: one that comes before its listener kills.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let part = Embedded::new();
    let chat = Chat::start(Config::from_env()?, &part.handle()).await?;
    println!("listening on ws://{}/chat/ws", chat.address()?);
    println!("probes on http://{}/chat/readyz", chat.admin_address()?);
    part.run(chat);

    let why = tokio::select! {
        _ = interrupt.recv() => "SIGINT".to_owned(),
        _ = terminate.recv() => "SIGTERM".to_owned(),
        reason = part.wanted() => reason.to_string(),
    };
    println!("the host stops its parts: {why}");
    let report = part.stop(WITHIN).await;
    println!("{report}");
    println!("the host's own end: its log is still open");
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
