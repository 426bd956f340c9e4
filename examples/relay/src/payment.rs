//! What is done with one payment.

use crate::accounts::Accounts;
use crate::intake::{self, Message};
use crate::outlet::Outlet;
use crate::store::Store;
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// As it stands in the topic.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Payment {
    pub(crate) id: i64,
    pub(crate) account: i64,
    pub(crate) amount: i64,
}

/// Books it once, however often it comes, and says so. The receipt is sent again with it: whoever reads receipts knows the payment's id.
pub(crate) async fn process(
    store: Store,
    accounts: Accounts,
    receipts: Outlet,
    message: Arc<Message>,
) -> anyhow::Result<()> {
    let text = intake::text(&message).context("a message without a text")?;
    let payment: Payment = serde_json::from_str(text).with_context(|| text.to_owned())?;
    let owner = accounts.owner(payment.account).await?;
    store.book(&payment).await?;
    let receipt = serde_json::json!({ "id": payment.id, "to": owner }).to_string();
    receipts.send(payment.id, &receipt).await
}
