#![deny(unused_must_use)]

#[graceful::main]
async fn result() -> Result<(), String> {
    Ok(())
}

#[graceful::main]
#[must_use]
async fn marked() -> u8 {
    1
}

fn main() {
    result();
    marked();
}

// errors: 2
