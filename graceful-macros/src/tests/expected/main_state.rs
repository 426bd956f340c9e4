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
pub fn main() -> ::std::process::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() -> Result<Pool, std::io::Error> {
        serve().await;
        Ok(Pool)
    }
    {
        use ::graceful::macros_of_graceful as __graceful;
        use __graceful::kinds::*;
        const _: () = __graceful::Plan::assert_fits(
            __graceful::MainPlan::<Result<Pool, std::io::Error>>::PLAN,
            __graceful::Duration::new(55, 0),
            __graceful::Duration::new(5, 0),
        );
        let __graceful_future = main();
        return __graceful::main(
            __graceful::Builder::multi_thread()
                .worker_threads(4usize)
                .name("orders")
                .timeout(__graceful::Duration::new(55, 0))
                .delay(__graceful::Duration::new(5, 0))
                .blocking_grace(__graceful::Duration::new(0, 500000000))
                .signals([__graceful::Signal::Terminate, __graceful::Signal::Hangup])
                .report(__graceful::ReportWhen::Always)
                .grace(
                    __graceful::Duration::new(65, 0),
                    __graceful::Duration::new(10, 0),
                ),
            (&&&&&__graceful::Returns::of(&__graceful_future)).main_kind(),
            __graceful_future,
        );
    }
}
