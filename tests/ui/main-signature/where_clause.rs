#[graceful::main]
async fn main()
where
    (): Sized,
{
}
