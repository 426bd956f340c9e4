// #[graceful::main]
// async fn main() {
//     serve().await;
// }

fn main() -> ::graceful::__private::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() {
        serve().await;
    }
    {
        use ::graceful as __graceful;
        use ::graceful::__private as __graceful_private;
        use __graceful_private::{
            AnyKind as _, NoPlan as _, ResultKind as _, StateKind as _,
            TerminationKind as _, TryStateKind as _,
        };
        let __graceful_future = main();
        return __graceful_private::main(
            __graceful::Builder::multi_thread(),
            (&&&&&__graceful_private::Returns::of(&__graceful_future)).main_kind(),
            __graceful_future,
        );
    }
}
