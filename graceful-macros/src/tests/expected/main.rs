// #[graceful::main]
// async fn main() {
//     serve().await;
// }

fn main() {
    #[allow(clippy::unused_async)]
    async fn main() {
        serve().await;
    }
    {
        use ::graceful::macros_of_graceful as __graceful;
        use __graceful::kinds::*;
        let __graceful_future = main();
        return __graceful::main_as_written(
            __graceful::Builder::multi_thread(),
            (&&&&&__graceful::Returns::of(&__graceful_future)).kept_kind(),
            (__graceful::core::module_path!(), __graceful::core::cfg!(test)),
            __graceful_future,
        );
    }
}
