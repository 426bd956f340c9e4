//! What goes over the wire.

use serde::{Deserialize, Serialize};

/// What a client says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Said {
    /// The client's own number for it: said twice, since the answer did not come, it is stored once.
    pub number: u64,
    /// The text.
    pub text: String,
}

/// What everybody hears, once it is stored.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Who said it.
    pub user_id: String,
    /// Their own number for it.
    pub number: u64,
    /// The text.
    pub text: String,
}
