#[graceful::main]
async fn main() -> Missing {
    todo!()
}

// errors: 1
