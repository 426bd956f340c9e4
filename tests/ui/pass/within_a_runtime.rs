//! A runtime can't be started in another one, and the panic names the line that tried.

use std::panic::{catch_unwind, set_hook};
use std::sync::Mutex;

static PLACE: Mutex<String> = Mutex::new(String::new());

#[graceful::main]
async fn work() {}

#[graceful::main(flavor = "current_thread")]
async fn other() -> Result<(), String> {
    Ok(())
}

fn by_hand() {
    graceful::Builder::current_thread().run(async {});
}

mod nested {
    #[graceful::main]
    pub async fn main() {}
}

#[tokio::main]
async fn main() {
    set_hook(Box::new(|panic| {
        assert!(panic.to_string().contains("Cannot start a runtime from within a runtime"));
        *PLACE.lock().unwrap() = panic.location().unwrap().file().to_owned();
    }));
    for starts in [work as fn(), || other().unwrap(), by_hand, nested::main] {
        catch_unwind(starts).unwrap_err();
        assert_eq!(*PLACE.lock().unwrap(), file!());
    }
}
