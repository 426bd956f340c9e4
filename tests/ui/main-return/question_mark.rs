#[graceful::main]
async fn main() {
    std::fs::read("config")?;
}

// errors: 1
