//! Programs that ask `graceful` for nothing, as they were before it: `dropin <attribute> <flavor> <pattern>`.
//! Each pattern is one function, which runs under `#[tokio::main]` and under `#[graceful::main]`.

mod deaf;
mod foreign;
mod listening;
mod servers;
mod work;

use std::pin::Pin;
use std::process::{ExitCode, Termination as _};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Each in a module of its own, as the one `main` of a program.
macro_rules! mains {
    ($($attribute:literal $flavor:literal #[$main:meta] $name:ident)*) => {
        $(mod $name {
            #[$main]
            pub(super) async fn main() -> crate::Result {
                crate::pattern().await
            }
        })*

        fn main() -> ExitCode {
            match (&*argument(1), &*argument(2)) {
                $(($attribute, $flavor) => $name::main().report(),)*
                other => panic!("no main {other:?}"),
            }
        }
    };
}

mains! {
    "tokio" "multi_thread" #[tokio::main] before
    "tokio" "current_thread" #[tokio::main(flavor = "current_thread")] before_on_one_thread
    "graceful" "multi_thread" #[graceful::main] after
    "graceful" "current_thread" #[graceful::main(flavor = "current_thread")] after_on_one_thread
}

fn argument(position: usize) -> String {
    std::env::args().nth(position).expect("three arguments")
}

fn pattern() -> Pin<Box<dyn Future<Output = Result>>> {
    match &*argument(3) {
        "select" => Box::pin(listening::select()),
        "select in a loop" => Box::pin(listening::select_in_a_loop()),
        "task and channel" => Box::pin(listening::task_and_channel()),
        "task and token" => Box::pin(listening::task_and_token()),
        "task and flag" => Box::pin(listening::task_and_flag()),
        "task that exits" => Box::pin(listening::task_that_exits()),
        "ctrl_c" => Box::pin(listening::ctrl_c_alone()),
        "ctrl_c and channels" => Box::pin(listening::ctrl_c_and_channels()),
        "drain" => Box::pin(listening::drain()),
        "axum" => Box::pin(servers::axum()),
        "axum without end" => Box::pin(servers::axum_without_end()),
        "actix" => Box::pin(servers::actix()),
        "signal_hook flag" => Box::pin(foreign::signal_hook_flag()),
        "signal_hook thread" => Box::pin(foreign::signal_hook_thread()),
        "signal_hook thread that exits" => Box::pin(foreign::signal_hook_thread_that_exits()),
        "signal_hook thread of a task" => Box::pin(foreign::signal_hook_thread_of_a_task()),
        "task of another runtime" => Box::pin(foreign::task_of_another_runtime()),
        "ctrlc" => Box::pin(foreign::ctrlc()),
        "idle" => Box::pin(deaf::idle()),
        "busy" => Box::pin(deaf::busy()),
        "tasks" => Box::pin(deaf::tasks()),
        "blocked runtime" => Box::pin(deaf::blocked_runtime()),
        "blocking task" => Box::pin(deaf::blocking_task()),
        "blocked" => Box::pin(deaf::blocked()),
        "batch, one await" => Box::pin(deaf::batch_of_one_await()),
        "batch, steps" => Box::pin(deaf::batch_of_steps()),
        other => panic!("no pattern {other:?}"),
    }
}
