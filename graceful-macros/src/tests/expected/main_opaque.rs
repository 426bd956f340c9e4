// #[graceful::main(flavor = "current_thread")]
// async fn main() -> impl std::process::Termination {
//     serve().await
// }

fn main() -> ::std::process::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() -> impl std::process::Termination {
        serve().await
    }
    {
        use ::graceful::macros_of_graceful as __graceful;
        use __graceful::kinds::*;
        let __graceful_future = main();
        return __graceful::main(
            __graceful::Builder::current_thread(),
            (&&&&&__graceful::Returns::of(&__graceful_future)).main_kind(),
            __graceful_future,
        );
    }
}
