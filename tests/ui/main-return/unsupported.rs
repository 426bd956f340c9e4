#[graceful::main]
async fn main() -> Option<()> {
    None
}
