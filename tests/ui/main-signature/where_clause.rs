#[graceful::main]
async fn main()
where
    (): Sized,
{
}

// errors: 1
