//! `mongodb`: one client, whose clones tasks use.

use crate::service::{Beside, case, load, port, ready};
use futures_util::StreamExt as _;
use graceful::Result;
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;
use mongodb::{Client, Collection};
use std::time::Duration;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "4s", with = graceful_clients::mongodb::close)]
    db: Client,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let to = format!("mongodb://127.0.0.1:{}/?directConnection=true", port());
    let mut options = ClientOptions::parse(to).await?;
    options.server_selection_timeout = Some(Duration::from_secs(5));
    let db = Client::with_options(options)?;
    let written = db.database("tests").collection::<Document>("written");
    let load = match &*case() {
        "load" => load(move || insert(written.clone())),
        "leak" => tokio::spawn(leak(written)),
        case => panic!("no case {case:?}"),
    };
    Ok(Service {
        load,
        db,
        beside: Beside,
    })
}

async fn insert(written: Collection<Document>) -> Result {
    written.insert_one(doc! {"text": "a line"}).await?;
    Ok(())
}

/// A cursor, half read, that somebody keeps.
async fn leak(written: Collection<Document>) -> Result {
    for _ in 0..10 {
        insert(written.clone()).await?;
    }
    let mut cursor = written.find(doc! {}).batch_size(2).await?;
    cursor.next().await.expect("there are ten")?;
    std::mem::forget(cursor);
    ready();
    Ok(())
}
