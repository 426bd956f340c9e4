//! `main` may return what it shares, also a state of another module; it is closed though a handler still holds it.

#![deny(warnings)]

use graceful::Shutdown;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::task::JoinHandle;

static CLOSES: AtomicUsize = AtomicUsize::new(0);

async fn close(_: (), _: graceful::Context) {
    CLOSES.fetch_add(1, Ordering::SeqCst);
}

/// As a library's: what is public is re-exported, what is not can't be named from outside.
mod library {
    mod state {
        use super::super::close;

        #[derive(Debug, graceful::Shutdown)]
        #[shutdown(shared, exhaustive)]
        pub struct State {
            #[shutdown(with = close)]
            connection: (),
            #[shutdown]
            private: std::sync::Arc<Private>,
            #[shutdown(skip)]
            pub name: &'static str,
        }

        #[derive(Clone, Debug, graceful::Shutdown)]
        struct Private(#[shutdown(with = close)] ());

        impl State {
            pub fn new(name: &'static str) -> Self {
                Self { connection: (), private: std::sync::Arc::new(Private(())), name }
            }
        }
    }

    pub use state::State;
    pub type SharedState = std::sync::Arc<State>;
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct App {
    #[shutdown(timeout = "2s")]
    state: library::SharedState,
    #[shutdown(drop)]
    handler: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Clone, Shutdown)]
enum Either {
    #[allow(dead_code)]
    Nothing,
    State(#[shutdown] library::SharedState),
}

/// Starts what holds the state for ever, and asks for the stop.
fn serve<T: Send + Sync + 'static>(state: &Arc<T>) -> JoinHandle<()> {
    let held = state.clone();
    tokio::spawn(async move {
        graceful::request("the test is over");
        std::future::pending::<()>().await;
        drop(held);
    })
}

mod state {
    use super::*;

    #[graceful::main(flavor = "current_thread", timeout = "3s")]
    pub async fn main() -> Arc<library::State> {
        let state = Arc::new(library::State::new("a"));
        serve(&state);
        state
    }
}

mod result {
    use super::*;

    #[graceful::main]
    pub async fn main() -> Result<Arc<App>, std::num::ParseIntError> {
        let app = Arc::new(App {
            state: Arc::new(library::State::new("b")),
            handler: Mutex::new(None),
        });
        *app.handler.lock().unwrap() = Some(serve(&app));
        assert_eq!(app.state.name, "b");
        Ok(app)
    }
}

mod by_value {
    use super::*;

    #[graceful::main]
    pub async fn main() -> App {
        let state = Arc::new(library::State::new("c"));
        let handler = Mutex::new(Some(serve(&state)));
        App { state, handler }
    }
}

mod one_of_many {
    use super::*;

    #[graceful::main(flavor = "local")]
    pub async fn main() -> Arc<Either> {
        let either = Arc::new(Either::State(Arc::new(library::State::new("d"))));
        serve(&either);
        either
    }
}

fn main() {
    for (at, main) in [state::main, result::main, by_value::main, one_of_many::main].iter().enumerate() {
        assert_eq!(main(), ExitCode::SUCCESS);
        assert_eq!(CLOSES.load(Ordering::SeqCst), 2 * (at + 1));
    }
}
