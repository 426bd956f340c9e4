#[graceful::main]
async fn main() {
    let started = missing_function();
    missing_variable.await;
    let state: MissingType = started;
}

// errors: 3
