//! A wrong option leaves the body to be checked.

#[graceful::main(flavor = "lokal")]
async fn main() {
    let port: u16 = "80";
}

// errors: 2
