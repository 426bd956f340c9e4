//! What `main` returns, and what it does until then: `mains <row>`.

mod part;

use part::{App, Part, ready, ready_once_running};
use std::io::{Error, Result};
use std::process::{ExitCode, Termination};

/// Each in a module of its own, as the one `main` of a program.
macro_rules! mains {
    ($($row:literal $name:ident $([$($options:tt)*])? -> $returned:ty $body:block)*) => {
        $(mod $name {
            use super::*;

            #[graceful::main$(($($options)*))?]
            pub(super) async fn main() -> $returned $body
        })*

        #[allow(unreachable_code, reason = "one of them never returns")]
        fn main() -> ExitCode {
            match &*std::env::args().nth(1).expect("a row") {
                $($row => $name::main().report(),)*
                row => panic!("no row {row:?}"),
            }
        }
    };
}

/// An application's own alias, as most have one.
type Started<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

struct Own(u8);

impl Termination for Own {
    fn report(self) -> ExitCode {
        ExitCode::from(self.0)
    }
}

mains! {
    "state" state -> App {
        ready_once_running();
        App::new()
    }
    "state, on one thread" single [flavor = "current_thread"] -> App {
        ready_once_running();
        App::new()
    }
    "state, locally" local [flavor = "local"] -> App {
        ready_once_running();
        App::new()
    }
    "result of a state" result_of_state -> Started<App> {
        ready_once_running();
        Ok(App::new())
    }
    "opaque state" opaque_state -> impl graceful::Shutdown {
        ready_once_running();
        App::new()
    }
    "tuple" tuple -> (Part, Option<Part>) {
        ready_once_running();
        (Part::new("http"), Some(Part::new("db")))
    }
    "state fails" state_fails -> Result<App> {
        graceful::manage(App::new());
        Err(Error::other("no disk"))
    }
    "unit" unit -> () {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        println!("the body ends");
    }
    "unit, never asks" never_asks -> () {
        graceful::manage(App::new());
        ready();
        std::future::pending::<()>().await;
    }
    "never" never -> ! {
        graceful::manage(App::new());
        ready();
        std::future::pending().await
    }
    "exit code" exit_code -> ExitCode {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        ExitCode::from(4)
    }
    "own termination" own -> Own {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        Own(5)
    }
    "opaque termination" opaque -> impl Termination {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        Ok::<_, Error>(ExitCode::from(6))
    }
    "question mark" question_mark -> Started<()> {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        Err("the last flush failed")?;
        Ok(())
    }
    "process exit" process_exit -> () {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        std::process::exit(8)
    }
    "process exit in a task" exit_in_task -> App {
        ready_once_running();
        tokio::spawn(async {
            graceful::requested().await;
            std::process::exit(8)
        });
        App::new()
    }
    "graceful exit in a task" graceful_exit -> App {
        tokio::spawn(graceful::exit(8));
        App::new()
    }
}
