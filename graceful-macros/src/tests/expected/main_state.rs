// #[graceful::main(
//     flavor = "multi_thread",
//     worker_threads = 4,
//     name = "orders",
//     timeout = "55s",
//     delay = "5s",
//     grace = "65s",
//     pre_stop = "10s",
//     blocking_grace = "500ms",
//     signals(SIGTERM, SIGHUP),
//     report = "always"
// )]
// /// Starts up.
// pub async fn main() -> Result<Pool, std::io::Error> {
//     serve().await;
//     Ok(Pool)
// }

/// Starts up.
pub fn main() -> ::graceful::__private::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() -> Result<Pool, std::io::Error> {
        serve().await;
        Ok(Pool)
    }
    {
        use ::graceful as __graceful;
        use ::graceful::__private as __graceful_private;
        use __graceful_private::{
            AnyKind as _, NoPlan as _, ResultKind as _, StateKind as _,
            TerminationKind as _, TryStateKind as _,
        };
        const _: () = __graceful::Plan::assert_fits(
            __graceful_private::MainPlan::<Result<Pool, std::io::Error>>::PLAN,
            __graceful_private::Duration::new(55, 0),
            __graceful_private::Duration::new(5, 0),
        );
        let __graceful_future = main();
        return __graceful_private::main(
            __graceful::Builder::multi_thread()
                .worker_threads(4usize)
                .name("orders")
                .timeout(__graceful_private::Duration::new(55, 0))
                .delay(__graceful_private::Duration::new(5, 0))
                .blocking_grace(__graceful_private::Duration::new(0, 500000000))
                .grace(
                    __graceful_private::Duration::new(65, 0),
                    __graceful_private::Duration::new(10, 0),
                )
                .signals([__graceful::Signal::Terminate, __graceful::Signal::Hangup])
                .report(__graceful::ReportWhen::Always),
            (&&&&&__graceful_private::Returns::of(&__graceful_future)).main_kind(),
            __graceful_future,
        );
    }
}
