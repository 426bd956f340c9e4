#[graceful::main]
async fn main() -> Result<(), std::num::ParseIntError> {
    std::fs::read("config")?;
    Ok(())
}

// errors: 1
