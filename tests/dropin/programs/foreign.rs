//! Programs that listen without tokio.

use crate::Result;
use crate::work::{FLUSH, finish, finished, ready};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use std::future::pending;
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

pub(crate) async fn signal_hook_flag() -> Result {
    let stop = Arc::new(AtomicBool::new(false));
    flag::register(SIGINT, Arc::clone(&stop))?;
    flag::register(SIGTERM, Arc::clone(&stop))?;
    ready();
    // Nothing else is read because of it.
    while !stop.load(Ordering::Relaxed) {
        sleep(Duration::from_millis(100)).await;
    }
    finish("counter", FLUSH).await;
    Ok(())
}

pub(crate) async fn signal_hook_thread() -> Result {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let (stop, stopped) = oneshot::channel();
    thread::spawn(move || {
        signals.forever().next();
        stop.send(())
    });
    ready();
    stopped.await?;
    finish("upload", FLUSH).await;
    Ok(())
}

/// Neither `main` nor a task shows that somebody has heard.
pub(crate) async fn signal_hook_thread_that_exits() -> Result {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        signals.forever().next();
        thread::sleep(FLUSH);
        finished("upload");
        exit(0);
    });
    ready();
    pending().await
}

/// Which takes the signal from everybody who listened before.
pub(crate) async fn ctrlc() -> Result {
    let (stop, mut stopped) = mpsc::channel(1);
    ctrlc::set_handler(move || stop.blocking_send(()).expect("main waits for it"))?;
    ready();
    stopped.recv().await;
    finish("upload", FLUSH).await;
    Ok(())
}
