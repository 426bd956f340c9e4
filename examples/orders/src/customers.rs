//! Customers: some connections stay, and new ones are made all the time, as through the address of a Service.

use crate::api::NewOrder;
use crate::api::orders_client::OrdersClient;
use std::error::Error as _;
use std::fmt;
use std::time::Duration;
use tokio::time::sleep;
use tonic::transport::Endpoint;
use tonic::{Code, Status};

/// After so many calls a customer connects anew.
const CALLS: usize = 25;

/// What became of the calls of one customer, or of all.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Orders that were answered.
    pub answered: usize,
    /// Those on a connection that was closed meanwhile, and placed once more on the next one.
    pub again: usize,
    /// Connections that nobody took.
    pub refused: Vec<String>,
    /// Calls that were lost: their errors.
    pub failed: Vec<String>,
}

impl Calls {
    /// Adds those of somebody else.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.again += other.again;
        self.refused.extend(other.refused);
        self.failed.extend(other.failed);
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            answered,
            again,
            refused,
            failed,
        } = self;
        let (refused, failed) = (refused.len(), failed.len());
        write!(
            f,
            "{answered} orders answered, {again} placed again, {refused} connections refused, {failed} orders failed"
        )
    }
}

/// Places orders one after the other while `goes_on` says so. `address` is asked for each connection.
pub async fn place(goes_on: impl Fn() -> bool, address: impl Fn() -> String) -> Calls {
    let mut calls = Calls::default();
    while goes_on() {
        let address = address();
        let before = calls.refused.len() + calls.failed.len();
        on_one_connection(&goes_on, &address, &mut calls).await;
        if calls.refused.len() + calls.failed.len() > before {
            // As a client that does not make a bad moment worse.
            sleep(Duration::from_millis(20)).await;
        }
    }
    calls
}

async fn on_one_connection(goes_on: &impl Fn() -> bool, address: &str, calls: &mut Calls) {
    let connection = match Endpoint::from_shared(address.to_owned()) {
        Ok(endpoint) => endpoint.connect().await,
        Err(error) => Err(error),
    };
    let mut client = match connection {
        Ok(connection) => OrdersClient::new(connection),
        Err(error) => return calls.refused.push(format!("{address}: {error:?}")),
    };
    for call in 0..CALLS {
        if !goes_on() {
            return;
        }
        let item = "tea".to_owned();
        match client.place(NewOrder { item }).await {
            Ok(_) => calls.answered += 1,
            // Of a connection on which nothing was ever answered it would be a failure.
            Err(status) if call > 0 && was_never_taken(&status) => {
                calls.again += 1;
                return;
            }
            Err(status) => return calls.failed.push(format!("{address}: {status}")),
        }
    }
}

/// Whether the call may be placed again: it was refused by a server that is going, or was still in the client's own queue
/// when the connection went. For a call behind GOAWAY tonic says `INTERNAL`
/// ([RFC 9113, section 6.8](https://www.rfc-editor.org/rfc/rfc9113#section-6.8)).
pub fn was_never_taken(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::Cancelled) || was_told_to_go(status)
}

fn was_told_to_go(status: &Status) -> bool {
    let mut source = status.source();
    while let Some(error) = source {
        let h2: Option<&h2::Error> = error.downcast_ref();
        let told_to_go = |error: &h2::Error| {
            error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR)
        };
        if h2.is_some_and(told_to_go) {
            return true;
        }
        source = error.source();
    }
    false
}
