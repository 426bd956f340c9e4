#[graceful::main]
async fn main() {
    Ok(())
}

// errors: 1
