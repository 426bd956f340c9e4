//! One WebSocket.

use crate::message::{Line, Said};
use crate::room::{Room, Seat};
use axum::extract::ws::Message;
use axum::extract::{Query, State};
use axum::response::Response;
use graceful::ws::{WebSocket, WebSocketUpgrade};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// How long a client has to answer its close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Deserialize)]
pub(crate) struct Who {
    user_id: String,
}

pub(crate) async fn upgrade(
    Query(Who { user_id }): Query<Who>,
    State(room): State<Room>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .close_reason("the chat restarts")
        .close_timeout(CLOSE_TIMEOUT)
        .close_spread(room.close_spread)
        .on_upgrade(move |socket| talk(socket, room.enter(user_id)))
}

/// Until the client leaves, or the server has sent it away and all that it said before is stored.
async fn talk(mut socket: WebSocket, mut seat: Seat) {
    tracing::info!(user_id = seat.user_id, "joined");
    loop {
        tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => hear(&seat, &text).await,
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::info!(user_id = seat.user_id, %error, "cut");
                    break;
                }
                None => break,
            },
            line = seat.lines.recv() => match line {
                // It fails once the close frame is sent. What the client had said before is still to be read.
                Ok(line) => drop(socket.send(as_text(&line)).await),
                Err(RecvError::Lagged(lines)) => tracing::warn!(user_id = seat.user_id, lines, "missed"),
                Err(RecvError::Closed) => break,
            },
        }
    }
    tracing::info!(user_id = seat.user_id, "left");
}

async fn hear(seat: &Seat, text: &str) {
    match serde_json::from_str::<Said>(text) {
        Ok(said) => {
            if let Err(error) = seat.say(said).await {
                tracing::error!(user_id = seat.user_id, %error, "not stored");
            }
        }
        Err(error) => tracing::warn!(user_id = seat.user_id, %error, "not understood"),
    }
}

fn as_text(line: &Line) -> Message {
    let text = serde_json::to_string(line).expect("texts and a number have no other form");
    Message::Text(text.into())
}
