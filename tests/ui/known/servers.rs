//! Servers and connections, known by their names.

use graceful::Shutdown;

mod hyper_util {
    pub struct GracefulShutdown;
}

mod axum_server {
    pub struct Handle;
}

mod actix_server {
    pub struct ServerHandle;
}

mod quinn {
    pub struct Endpoint;
}

mod iroh {
    pub struct Endpoint;
}

mod tokio_tungstenite {
    pub struct WebSocketStream<S>(S);
}

mod lettre {
    pub struct AsyncSmtpTransport<E>(E);
}

mod serenity {
    pub struct ShardManager;
}

mod actix_web {
    pub mod dev {
        pub use crate::actix_server::ServerHandle;
    }
}

use actix_web::dev;
use hyper_util::GracefulShutdown;
use lettre::AsyncSmtpTransport;
use serenity::ShardManager;
use std::sync::Arc;
use tokio_tungstenite::WebSocketStream;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    marked: String,
    connections: GracefulShutdown,
    https: axum_server::Handle,
    server: actix_server::ServerHandle,
    actix: dev::ServerHandle,
    quic: quinn::Endpoint,
    peers: iroh::Endpoint,
    socket: WebSocketStream<u8>,
    mail: AsyncSmtpTransport<u8>,
    shards: Arc<ShardManager>,
}

fn main() {}

// errors: 9
