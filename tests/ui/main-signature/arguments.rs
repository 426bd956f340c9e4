#[graceful::main]
async fn main(port: u16, host: String) {
    println!("{host}:{port}");
}

// errors: 1
