//! Programs that listen through tokio.

use crate::Result;
use crate::work::{FLUSH, finish, ready};
use std::future::pending;
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::select;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

fn signals() -> Result<(Signal, Signal)> {
    let interrupt = signal(SignalKind::interrupt())?;
    Ok((interrupt, signal(SignalKind::terminate())?))
}

/// As it stands in most programs.
pub(crate) async fn shutdown_signal() {
    let (mut interrupt, mut terminate) = signals().expect("both can be had");
    ready();
    select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

pub(crate) async fn select() -> Result {
    select! {
        () = pending() => {}
        () = shutdown_signal() => {}
    }
    finish("upload", FLUSH).await;
    Ok(())
}

pub(crate) async fn select_in_a_loop() -> Result {
    let (mut interrupt, mut terminate) = signals()?;
    ready();
    loop {
        select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            () = sleep(Duration::from_millis(50)) => {}
        }
    }
    finish("counter", FLUSH).await;
    Ok(())
}

/// As mini-redis stops.
pub(crate) async fn ctrl_c_and_channels() -> Result {
    let (notify, mut stop) = broadcast::channel::<()>(1);
    let (done, mut all_done) = mpsc::channel::<()>(1);
    let client = done.clone();
    tokio::spawn(async move {
        let _: std::result::Result<(), _> = stop.recv().await;
        finish("order", FLUSH).await;
        drop(client);
    });
    interrupted().await?;
    drop((notify, done));
    let _: Option<()> = all_done.recv().await;
    Ok(())
}

pub(crate) async fn task_and_channel() -> Result {
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(async move {
        shutdown_signal().await;
        stop.send(())
    });
    stopped.await?;
    finish("counter", FLUSH).await;
    Ok(())
}

pub(crate) async fn task_and_token() -> Result {
    let token = CancellationToken::new();
    let workers = TaskTracker::new();
    for worker in ["order 1", "order 2", "order 3"] {
        let token = token.clone();
        workers.spawn(async move {
            token.cancelled().await;
            finish(worker, FLUSH).await;
        });
    }
    tokio::spawn(async move {
        shutdown_signal().await;
        token.cancel();
    });
    workers.close();
    workers.wait().await;
    Ok(())
}

pub(crate) async fn task_and_flag() -> Result {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    tokio::spawn(async move {
        shutdown_signal().await;
        set.store(true, Ordering::Relaxed); // nothing else is read because of it
    });
    while !stop.load(Ordering::Relaxed) {
        sleep(Duration::from_millis(100)).await;
    }
    finish("counter", FLUSH).await;
    Ok(())
}

pub(crate) async fn task_that_exits() -> Result {
    tokio::spawn(async {
        shutdown_signal().await;
        finish("upload", FLUSH).await;
        exit(0);
    });
    pending().await
}

pub(crate) async fn ctrl_c_alone() -> Result {
    interrupted().await?;
    finish("upload", FLUSH).await;
    Ok(())
}

async fn interrupted() -> Result {
    select! {
        biased; // it listens from its first poll on
        heard = tokio::signal::ctrl_c() => heard?,
        () = async { ready(); pending().await } => {}
    }
    Ok(())
}

pub(crate) async fn drain() -> Result {
    shutdown_signal().await;
    finish("drain", Duration::from_secs(2)).await;
    Ok(())
}
