#[graceful::main(crate = "tokio", timeout = "5s")]
async fn main() -> Result<(), String> {
    Ok(())
}

mod with_state {
    #[graceful::main(crate = "tokio", signals(SIGTERM))]
    async fn main() -> App {
        App
    }

    struct App;
}

#[graceful::main(crate = "tokio")]
async fn work() -> u8 {
    1
}

// errors: 3
