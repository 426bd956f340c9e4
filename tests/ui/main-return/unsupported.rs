#[graceful::main]
async fn main() -> Option<()> {
    None
}

// errors: 1
