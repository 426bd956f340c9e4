//! A service with one fault: `fault <flavor> <shape> <fault>`.
//!
//! What it does stands in the file that `FAULT_MARKS` names, since standard output and error are
//! themselves among the things that fail.

mod app;
mod executor;
mod host;
mod marks;
mod output;
mod start;

use std::process::ExitCode;

/// An alias, so that the attribute sees no result, and all of them return an exit code.
type Ended = Result<ExitCode, graceful::Error>;

/// Every shape of `main` on one flavor of the runtime.
macro_rules! flavor {
    ($flavor:ident, $($options:tt)*) => {
        mod $flavor {
            mod service {
                use crate::{app::App, start};

                #[graceful::main($($options)*, timeout = "12s")]
                pub(super) async fn main() -> Result<App, graceful::Error> {
                    start::service().await
                }
            }

            mod patient {
                use crate::{app::App, start};

                #[graceful::main($($options)*, timeout = "12s", blocking_grace = "8s")]
                pub(super) async fn main() -> Result<App, graceful::Error> {
                    start::service().await
                }
            }

            mod wreck {
                use crate::{app::Wreck, start};

                #[graceful::main($($options)*, timeout = "12s")]
                pub(super) async fn main() -> Wreck {
                    start::wreck()
                }
            }

            mod dependent {
                use crate::{app::Dependent, start};

                #[graceful::main($($options)*, timeout = "12s")]
                pub(super) async fn main() -> Dependent {
                    start::dependent()
                }
            }

            mod single {
                use crate::{app::Single, start};

                #[graceful::main($($options)*, timeout = "12s")]
                pub(super) async fn main() -> Single {
                    start::single()
                }
            }

            mod body {
                use crate::{Ended, start};

                #[graceful::main($($options)*, timeout = "12s")]
                pub(super) async fn main() -> Ended {
                    start::body().await
                }
            }

            mod reported {
                use crate::{Ended, start};

                #[graceful::main($($options)*, timeout = "12s", report = "always")]
                pub(super) async fn main() -> Ended {
                    start::body().await
                }
            }

            mod unreported {
                use crate::{app::Single, start};

                #[graceful::main($($options)*, timeout = "12s", report = "never")]
                pub(super) async fn main() -> Single {
                    start::single()
                }
            }

            mod selected {
                use crate::{app::App, start};

                #[graceful::main(
                    $($options)*,
                    timeout = "12s",
                    signals(SIGHUP, SIGQUIT),
                    report = "always"
                )]
                pub(super) async fn main() -> Result<App, graceful::Error> {
                    start::service().await
                }
            }

            pub(super) fn run(shape: &str) -> std::process::ExitCode {
                match shape {
                    "service" => service::main(),
                    "patient" => patient::main(),
                    "wreck" => wreck::main(),
                    "dependent" => dependent::main(),
                    "single" => single::main(),
                    "body" => body::main(),
                    "reported" => reported::main(),
                    "unreported" => unreported::main(),
                    "selected" => selected::main(),
                    _ => panic!("no shape {shape:?}"),
                }
            }
        }
    };
}

flavor!(multi_thread, worker_threads = 2);
flavor!(current_thread, flavor = "current_thread");
flavor!(local, flavor = "local");

fn main() -> ExitCode {
    output::log_as_asked();
    let (flavor, shape) = (argument(1), argument(2));
    match &*flavor {
        "multi_thread" => multi_thread::run(&shape),
        "current_thread" => current_thread::run(&shape),
        "local" => local::run(&shape),
        "host" => host::run(&shape),
        _ => panic!("no flavor {flavor:?}"),
    }
}

/// The fault of this process.
fn fault() -> String {
    argument(3)
}

fn argument(at: usize) -> String {
    std::env::args()
        .nth(at)
        .expect("called as `fault <flavor> <shape> <fault>`")
}
