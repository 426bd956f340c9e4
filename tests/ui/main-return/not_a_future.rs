#[graceful::main]
async fn main() {
    std::fs::read("config").await;
}

// errors: 1
