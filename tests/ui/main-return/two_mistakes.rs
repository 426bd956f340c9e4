//! As many errors as mistakes.

#[graceful::main]
async fn main() -> Result<(), String> {
    let port: u16 = "80";
    println!("{port}");
    Ok(1)
}

// errors: 2
