//! A library that spawns a task, and offers its end to whoever uses it.
//!
//! `cargo run --example library`, then Ctrl-C: the mails in the queue are sent, exit code 0.
//! `cargo test --example library` runs its tests: two at once, without a lifecycle in the process.

use mailer::Mailer;

/// Stands for a crate of its own.
#[allow(unreachable_pub, dead_code, reason = "a crate would export it")]
mod mailer {
    use graceful::{Embedded, ShutdownError};
    use std::time::Duration;
    use tokio::sync::mpsc::{self, Receiver, Sender};
    use tokio::task::JoinHandle;
    use tokio::time::sleep;

    /// Sends mails in the background.
    ///
    /// Programs that use `graceful` hold it in their state, and mark it `#[shutdown]`. All others call
    /// [`close`](Mailer::close).
    #[derive(graceful::Shutdown)]
    pub struct Mailer {
        #[shutdown(drop)]
        queue: Sender<String>,
        #[shutdown(timeout = "5s")]
        worker: JoinHandle<usize>,
    }

    impl Mailer {
        /// Starts it. When `stop` resolves, it goes on with the queue, and waits no longer between two mails.
        ///
        /// It asks for a future, and does not look for a lifecycle: there may be none, or one of somebody else.
        pub fn start(stop: impl Future<Output = ()> + Send + 'static) -> Self {
            let (queue, mails) = mpsc::channel(100);
            let worker = tokio::spawn(work(mails, stop));
            Self { queue, worker }
        }

        /// Queues a mail.
        pub async fn send(&self, mail: &str) {
            // It is refused only if the worker has panicked, which its own close reports.
            let _ = self.queue.send(mail.to_owned()).await;
        }

        /// Sends what is in the queue, `within` this time.
        pub async fn close(self, within: Duration) -> Result<(), ShutdownError> {
            let service = Embedded::new();
            service.run(self);
            service.stop(within).await.into_result()
        }
    }

    async fn work(mut mails: Receiver<String>, stop: impl Future<Output = ()>) -> usize {
        let mut stop = std::pin::pin!(stop);
        let (mut sent, mut is_stopping) = (0, false);
        while let Some(mail) = mails.recv().await {
            deliver(&mail).await;
            sent += 1;
            if !is_stopping {
                tokio::select! {
                    () = sleep(Duration::from_millis(200)) => {}
                    () = &mut stop => is_stopping = true,
                }
            }
        }
        println!("sent {sent} mails");
        sent
    }

    async fn deliver(mail: &str) {
        if mail == "to nobody" {
            std::future::pending::<()>().await;
        }
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown]
    mailer: Mailer,
}

#[graceful::main(report = "always")]
async fn main() -> App {
    let mailer = Mailer::start(graceful::requested());
    for number in 0..50 {
        mailer.send(&format!("mail {number}")).await;
    }
    println!("sending 50 mails in 10 s: stop me with Ctrl-C");
    App { mailer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::sleep;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn what_is_in_the_queue_is_sent() {
        let mailer = Mailer::start(async {});
        for number in 0..20 {
            mailer.send(&format!("mail {number}")).await;
        }
        mailer.close(LONG).await.unwrap();
    }

    /// The other test goes on beside it: its end is its own.
    #[tokio::test]
    async fn what_does_not_end_is_named() {
        let mailer = Mailer::start(sleep(LONG));
        mailer.send("to nobody").await;
        let error = mailer.close(Duration::from_millis(200)).await.unwrap_err();
        let worker = error.report().step("worker").unwrap();
        assert!(!worker.outcome.is_clean(), "{error}");
    }
}
