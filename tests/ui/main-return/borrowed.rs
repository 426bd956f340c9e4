#[graceful::main]
async fn main() -> Result<(), String> {
    let text = String::new();
    let moved = text;
    drop(moved);
    Err(text)
}

// errors: 1
