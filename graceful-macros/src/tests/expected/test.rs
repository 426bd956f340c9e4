// #[graceful::test(start_paused = true, timeout = "5s")]
// #[should_panic]
// async fn test() {
//     serve().await;
//     panic!();
// }

#[should_panic]
#[::std::prelude::v1::test]
fn test() {
    let __graceful_future = async move {
        if false {
            return;
        }
        serve().await;
        panic!();
    };
    {
        use ::graceful::macros_of_graceful as __graceful;
        use __graceful::kinds::*;
        const _: () = __graceful::needs_test_util();
        return __graceful::test(
            __graceful::start_paused(
                __graceful::Builder::current_thread()
                    .timeout(__graceful::Duration::new(5, 0)),
                true,
            ),
            __graceful_future,
        );
    }
}
