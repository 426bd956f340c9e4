//! What clients ask for.

use crate::bus::Bus;
use crate::cache::Cache;
use crate::exports;
use crate::store::{Store, User};
use axum::extract::ws::Message;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use graceful::ws::{WebSocket, WebSocketUpgrade};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Clone)]
struct Shared {
    store: Store,
    cache: Cache,
    bus: Bus,
}

pub(crate) fn all(store: Store, cache: Cache, bus: Bus) -> Router {
    Router::new()
        .route("/users", post(create))
        .route("/users/{id}", get(one))
        .route("/users/events", any(events))
        .route("/users/exports", post(export))
        .with_state(Shared { store, cache, bus })
}

#[derive(Deserialize)]
struct NewUser {
    name: String,
}

type Answer<T> = Result<T, StatusCode>;

async fn create(
    State(Shared { store, bus, .. }): State<Shared>,
    Json(NewUser { name }): Json<NewUser>,
) -> Answer<(StatusCode, Json<User>)> {
    let user = store.add(name).await.map_err(|error| failed(&error))?;
    if let Err(error) = bus.publish(format!("created {}", user.id)).await {
        // It is stored, and that is what the answer says.
        tracing::warn!(%error, "nobody hears of it");
    }
    Ok((StatusCode::CREATED, Json(user)))
}

async fn one(
    State(Shared { store, cache, .. }): State<Shared>,
    Path(id): Path<i64>,
) -> Answer<Json<User>> {
    if let Some(user) = cache.user(id).await {
        return Ok(Json(user));
    }
    let user = store.user(id).await.map_err(|error| failed(&error))?;
    let user = user.ok_or(StatusCode::NOT_FOUND)?;
    cache.keep(&user).await;
    Ok(Json(user))
}

#[derive(Deserialize)]
struct NewExport {
    file: PathBuf,
}

async fn export(
    State(Shared { store, .. }): State<Shared>,
    Json(NewExport { file }): Json<NewExport>,
) -> StatusCode {
    exports::begin(store, file);
    StatusCode::ACCEPTED
}

async fn events(State(Shared { bus, .. }): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket: WebSocket| {
        let Ok(mut events) = bus.events().await else {
            return;
        };
        loop {
            tokio::select! {
                event = events.next() => match event {
                    Some(event) => drop(socket.send(Message::Text(event.into())).await),
                    None => return,
                },
                // It says nothing that is heard, and `None` when it is told to go.
                message = socket.recv() => if !matches!(message, Some(Ok(_))) { return },
            }
        }
    })
}

fn failed(error: &sqlx::Error) -> StatusCode {
    tracing::error!(%error, "the database");
    StatusCode::INTERNAL_SERVER_ERROR
}
