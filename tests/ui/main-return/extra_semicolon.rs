#[graceful::main]
async fn main() -> Result<(), ()> {
    Ok(());
}

// errors: 1
