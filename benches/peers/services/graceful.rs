//! With `graceful`, as its README has it: the attribute, the derive, limits beside the fields.

use graceful_peers::service::{self, Error, Part};
use std::process::ExitCode;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
enum App {
    Service {
        #[shutdown(timeout = "200ms")]
        first: Closes,
        #[shutdown(timeout = "200ms")]
        second: Closes,
        #[shutdown(timeout = "200ms")]
        third: Closes,
        #[shutdown(timeout = "200ms")]
        fourth: Closes,
    },
    Dependent {
        #[shutdown(critical, timeout = "200ms")]
        consumer: JoinHandle<Result<(), Error>>,
        #[shutdown(timeout = "200ms")]
        db: Closes,
    },
    Single {
        #[shutdown]
        queue: Closes,
    },
}

struct Closes(Part);

impl graceful::Shutdown for Closes {
    async fn shutdown(self, _cx: graceful::Context) -> graceful::Result {
        self.0.close().await
    }
}

async fn start() -> Result<App, Error> {
    graceful::defer("lease", |_cx| service::lease().close()).timeout(service::LIMIT);
    let mut parts = service::open().await?.into_iter();
    let mut next = || parts.next();
    Ok(
        match [next(), next(), next(), next()].map(|part| part.map(Closes)) {
            [Some(first), Some(second), Some(third), Some(fourth)] => App::Service {
                first,
                second,
                third,
                fourth,
            },
            [Some(consumer), Some(db), ..] => App::Dependent {
                consumer: tokio::spawn(
                    async move { consumer.0.serve(graceful::requested()).await },
                ),
                db,
            },
            [queue, ..] => App::Single {
                queue: queue.expect("each service has a part"),
            },
        },
    )
}

/// The flavor is an option of the attribute, so that each has a `main`.
macro_rules! flavor {
    ($flavor:ident, $option:ident = $value:literal) => {
        mod $flavor {
            use super::{App, Error};

            #[graceful::main($option = $value, timeout = "1s")]
            pub(super) async fn main() -> Result<App, Error> {
                super::start().await
            }
        }
    };
}

flavor!(multi_thread, worker_threads = 2);
flavor!(current_thread, flavor = "current_thread");

fn main() -> ExitCode {
    service::log();
    match &*service::argument(1) {
        "current_thread" => current_thread::main(),
        _ => multi_thread::main(),
    }
}
