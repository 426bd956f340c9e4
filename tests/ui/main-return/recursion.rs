//! In the body, `main` is the `async` one.

#[graceful::main]
async fn main() {
    main().await;
}

// errors: 1
