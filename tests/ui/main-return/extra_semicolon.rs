#[graceful::main]
async fn main() -> Result<(), ()> {
    Ok(());
}
