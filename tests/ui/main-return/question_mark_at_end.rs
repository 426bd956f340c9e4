#[graceful::main]
async fn main() -> Result<(), std::io::Error> {
    std::fs::read("config")?;
}

// errors: 1
