#[graceful::main]
async fn main() -> Missing {
    todo!()
}
