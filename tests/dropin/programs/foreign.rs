//! Programs that listen without tokio, or on a runtime of their own.

use crate::Result;
use crate::listening::shutdown_signal;
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
use tokio::runtime::Runtime;
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

/// On a thread without a name, which stores the upload and ends the process.
fn listen_on_a_thread() -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        signals.forever().next();
        thread::sleep(FLUSH);
        finished("upload");
        exit(0);
    });
    Ok(())
}

/// Neither `main` nor a task shows that somebody has heard.
pub(crate) async fn signal_hook_thread_that_exits() -> Result {
    listen_on_a_thread()?;
    ready();
    pending().await
}

/// A thread without a name is called as the one that began it: a worker of tokio's.
pub(crate) async fn signal_hook_thread_of_a_task() -> Result {
    tokio::spawn(async { listen_on_a_thread() }).await??;
    ready();
    pending().await
}

/// Nothing of the runtime of `main` shows that somebody has heard.
pub(crate) async fn task_of_another_runtime() -> Result {
    let other = Runtime::new()?;
    other.spawn(async {
        shutdown_signal().await;
        finish("upload", FLUSH).await;
        exit(0);
    });
    pending::<()>().await;
    // Where it is dropped in async code, tokio panics.
    other.shutdown_background();
    Ok(())
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
