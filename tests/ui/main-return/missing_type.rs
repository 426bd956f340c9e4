#[graceful::main]
async fn main() {
    return Ok(());
}
