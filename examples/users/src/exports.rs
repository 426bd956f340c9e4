//! Exports of all users into a file: jobs that come and go while the service runs, each of them with a close of its own.

use crate::store::Store;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::fs::{File, rename};
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinHandle;

/// Begins an export into this file. A stop waits for it, whenever it comes: it is closed before the server is, since it was registered
/// after that.
pub(crate) fn begin(store: Store, file: PathBuf) {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    // Relaxed: nothing but a number of its own.
    let name = format!("export {}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let (ended, is_over) = tokio::sync::oneshot::channel();
    let close = graceful::defer(name, async |_cx| is_over.await);
    let _export: JoinHandle<()> = tokio::spawn(async move {
        match export(store, file).await {
            Ok(()) => tracing::info!("exported"),
            Err(error) => tracing::error!(%error, "not exported"),
        }
        let _ = ended.send(());
        close.cancel();
    });
}

/// The file is there when it is whole.
async fn export(store: Store, file: PathBuf) -> anyhow::Result<()> {
    let part = file.with_extension("part");
    let mut writer = File::create(&part).await?;
    for user in store.all().await? {
        writer
            .write_all(format!("{}\n", serde_json::to_string(&user)?).as_bytes())
            .await?;
        // Stands for work that takes its time.
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    writer.sync_all().await?;
    rename(&part, &file).await?;
    Ok(())
}
