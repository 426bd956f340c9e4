#[graceful::main]
async fn main() {
    Ok(())
}
