//! A `main` that holds no state keeps the type that is written, so what takes it works as under tokio's attribute.

#![deny(warnings)]
#![allow(dead_code)]

use std::process::ExitCode;

mod instrumented {
    #[graceful::main]
    #[tracing::instrument(err)]
    async fn main() -> Result<(), std::io::Error> {
        Ok(())
    }
}

mod returned {
    #[graceful::main(flavor = "current_thread")]
    #[tracing::instrument(ret)]
    async fn main() -> Code {
        Code::from(3)
    }

    type Code = std::process::ExitCode;
}

mod with_state {
    #[derive(Debug, graceful::Shutdown)]
    #[shutdown(nothing)]
    struct App;

    /// On the function whose value it reads.
    #[graceful::main]
    #[tracing::instrument(err)]
    async fn main() -> Result<App, std::io::Error> {
        Ok(App)
    }
}

mod app {
    #[graceful::main(flavor = "current_thread")]
    pub async fn main() -> Result<(), String> {
        Err("no disk".to_owned())
    }

    #[derive(Debug)]
    pub struct Refused;

    pub mod refused {
        #[graceful::main(flavor = "current_thread")]
        pub async fn main() -> Result<std::process::ExitCode, super::Refused> {
            Err(super::Refused)
        }
    }

    pub mod unit {
        #[graceful::main(flavor = "current_thread")]
        pub async fn main() {}
    }

    pub mod never {
        #[graceful::main(flavor = "current_thread")]
        pub async fn main() -> ! {
            std::process::exit(0)
        }
    }

    pub mod not_shown {
        pub struct Error;

        #[graceful::main(flavor = "current_thread")]
        pub async fn main() -> Result<(), Error> {
            Ok(())
        }
    }
}

fn main() -> ExitCode {
    let () = app::unit::main();
    assert_eq!(app::main().unwrap_err(), "no disk");
    let app::Refused = app::refused::main().unwrap_err();
    app::not_shown::main().ok().unwrap();
    app::never::main()
}
