//! What `main` may return, each in a module of its own.

#![deny(warnings)]
#![allow(dead_code)]

use std::convert::Infallible;
use std::error::Error;
use std::fmt::Debug;
use std::process::{ExitCode, Termination};

#[derive(graceful::Shutdown)]
#[shutdown(nothing)]
struct State;

type Alias = Result<State, std::num::ParseIntError>;

macro_rules! mains {
    ($($name:ident: $ret:ty = $value:expr;)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[graceful::main]
            pub async fn main() -> $ret {
                $value
            }
        }
    )*};
}

mains! {
    unit: () = ();
    never: ! = std::process::exit(0);
    infallible: Infallible = std::process::exit(0);
    code: ExitCode = ExitCode::SUCCESS;
    result: Result<(), String> = Ok(());
    result_of_code: Result<ExitCode, String> = Ok(ExitCode::SUCCESS);
    boxed_error: Result<(), Box<dyn Error>> = Ok(());
    opaque: impl Termination = ();
    opaque_error: Result<(), impl Debug> = Err::<(), u8>(1);
    state: State = State;
    result_of_state: Result<State, std::io::Error> = Ok(State);
    opaque_state: impl graceful::Shutdown = State;
    alias: Alias = Ok(State);
}

fn main() {}
