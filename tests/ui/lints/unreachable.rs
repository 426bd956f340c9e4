#![deny(unreachable_code)]

#[graceful::main]
async fn main() -> Result<(), String> {
    return Ok(());
    Err("never".to_owned())
}

// errors: 1
