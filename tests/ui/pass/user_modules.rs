//! Modules of the user's, called like the crates that an expansion needs.

#![allow(dead_code)]

mod tokio {}
mod graceful {}
mod graceful_runtime {}
mod core {}
mod std {}
mod alloc {}
mod __private {}

#[derive(::graceful::Shutdown)]
#[shutdown(nothing)]
struct Leaf;

#[derive(::graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "1s")]
    leaf: Leaf,
    #[shutdown(drop)]
    name: String,
}

struct Value;

impl Value {
    #[::graceful::main]
    async fn get(&self) -> u8 {
        1
    }
}

#[::graceful::main]
async fn main() {
    ::graceful::manage(App { leaf: Leaf, name: String::new() });
}
