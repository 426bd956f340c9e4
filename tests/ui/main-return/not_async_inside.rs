#[graceful::main]
async fn main() {
    let wait = || std::future::ready(()).await;
    wait();
}

// errors: 1
