//! Clients of a Service: some connections stay, and new ones are made all the time.

use super::pod::Endpoints;
use orders::api::NewOrder;
use orders::api::orders_client::OrdersClient;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::sleep;
use tonic::transport::Endpoint;
use tonic::{Code, Status};

/// After so many calls a client connects anew.
const CALLS: usize = 25;

/// What became of the calls of one client.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(crate) answered: usize,
    /// On a connection that was closed meanwhile: placed again on the next one.
    pub(crate) again: usize,
    pub(crate) failed: Vec<String>,
}

impl Calls {
    pub(crate) fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.again += other.again;
        self.failed.extend(other.failed);
    }
}

/// Places orders until the test is over. A connection that can't be made, or on which nothing was ever answered, is a
/// failure; what a connection refuses that has answered before is not.
pub(crate) async fn place_until(is_over: Arc<AtomicBool>, endpoints: Arc<Endpoints>) -> Calls {
    let mut calls = Calls::default();
    // SeqCst: it publishes nothing, and is far from being hot.
    while !is_over.load(Ordering::SeqCst) {
        let address = endpoints.next();
        if let Err(error) = connection(&address, &mut calls).await {
            calls.failed.push(format!("{address}: {error}"));
            sleep(Duration::from_millis(20)).await;
        }
    }
    calls
}

async fn connection(address: &str, calls: &mut Calls) -> Result<(), String> {
    let endpoint = Endpoint::from_shared(address.to_owned()).map_err(|it| it.to_string())?;
    let channel = endpoint.connect().await.map_err(|it| format!("{it:?}"))?;
    let mut client = OrdersClient::new(channel);
    for call in 0..CALLS {
        let item = "tea".to_owned();
        match client.place(NewOrder { item }).await {
            Ok(_) => calls.answered += 1,
            Err(status) if call > 0 && was_never_taken(&status) => {
                calls.again += 1;
                return Ok(());
            }
            Err(status) => return Err(status.to_string()),
        }
    }
    Ok(())
}

/// Refused by a server that is going, or still in the client's own queue when it went. The database is looked at too.
fn was_never_taken(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::Cancelled => true,
        Code::Internal => status.message().contains("http2 error"),
        _ => false,
    }
}
