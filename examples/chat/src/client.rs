//! A client that comes back: after a pause that grows, and is not the same for all.

pub use crate::message::{Line, Said};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// As `user_id` of the chat at `address` it says what comes from `say`, each text until it is stored, and tells `hear` what everybody says. It comes back as often as it is
/// sent away. It ends when `say` has ended and all of it is stored, or nobody hears any more.
pub async fn talk(address: &str, user_id: &str, mut say: Receiver<String>, hear: Sender<Line>) {
    let url = format!("ws://{address}/chat/ws?user_id={user_id}");
    let mut mine = Mine {
        user_id,
        number: 0,
        saying: None,
    };
    let mut pauses = pauses();
    loop {
        match connect_async(&url).await {
            Ok((mut socket, _)) => {
                pauses = self::pauses();
                match session(&mut socket, &mut mine, &mut say, &hear).await {
                    Ok(Left::Done) => {
                        let _ = socket.close(None).await;
                        return;
                    }
                    Ok(Left::SentAway(why)) => tracing::info!(why, "sent away"),
                    Err(error) => tracing::info!(%error, "cut"),
                }
            }
            Err(error) => tracing::info!(%error, "not connected"),
        }
        let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
        tracing::info!(?pause, "coming back");
        tokio::time::sleep(pause).await;
    }
}

const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// 100 ms to 10 s, each with up to as much again at random: clients that lost one server don't meet at the next one at once.
fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .with_jitter()
        .build()
}

/// What this client has said, and whether it is stored.
struct Mine<'a> {
    user_id: &'a str,
    number: u64,
    saying: Option<Said>,
}

impl Mine<'_> {
    fn say(&mut self, text: String) -> &Said {
        self.number += 1;
        self.saying.insert(Said {
            number: self.number,
            text,
        })
    }

    fn heard(&mut self, line: &Line) {
        if line.user_id == self.user_id && line.number == self.number {
            self.saying = None;
        }
    }
}

enum Left {
    Done,
    SentAway(String),
}

async fn session(
    socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>,
    mine: &mut Mine<'_>,
    say: &mut Receiver<String>,
    hear: &Sender<Line>,
) -> Result<Left, Error> {
    // It was not stored, or the answer did not come: the server tells the two apart by its number.
    if let Some(said) = &mine.saying {
        socket.send(as_text(said)).await?;
    }
    let mut is_over = false;
    while !is_over || mine.saying.is_some() {
        tokio::select! {
            text = say.recv(), if mine.saying.is_none() && !is_over => match text {
                Some(text) => socket.send(as_text(mine.say(text))).await?,
                None => is_over = true,
            },
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let Ok(line) = serde_json::from_str(&text) else { continue };
                    mine.heard(&line);
                    if hear.send(line).await.is_err() {
                        break;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    // The library answers it when it is asked for more.
                    while let Some(Ok(_)) = socket.next().await {}
                    let why = frame.map_or_else(String::new, |frame| format!("{} {}", frame.code, frame.reason));
                    return Ok(Left::SentAway(why));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(Left::SentAway("without a word".to_owned())),
            },
        }
    }
    Ok(Left::Done)
}

fn as_text(said: &Said) -> Message {
    let text = serde_json::to_string(said).expect("a text and a number have no other form");
    Message::Text(text.into())
}
