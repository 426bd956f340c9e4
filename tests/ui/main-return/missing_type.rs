#[graceful::main]
async fn main() {
    return Ok(());
}

// errors: 1
