//! The body sees nothing of what runs it.

#[graceful::main]
async fn main() {
    let _ = __graceful_future;
    __graceful_private::main();
}

// errors: 2
