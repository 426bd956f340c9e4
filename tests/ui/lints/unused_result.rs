//! What the body forgets is still noticed: nothing is allowed in it.

#![deny(unused_must_use)]

#[graceful::main]
async fn main() {
    "1".parse::<u8>();
}

// errors: 1
