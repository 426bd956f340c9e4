// #[graceful::test(start_paused = true, timeout = "5s")]
// #[should_panic]
// async fn test() {
//     serve().await;
//     panic!();
// }

#[should_panic]
#[::graceful::__private::core::prelude::v1::test]
fn test() {
    let __graceful_future = async move {
        if false {
            return;
        }
        serve().await;
        panic!();
    };
    {
        use ::graceful as __graceful;
        use ::graceful::__private as __graceful_private;
        const _: () = __graceful_private::needs_test_util();
        return __graceful_private::test(
            __graceful_private::start_paused(
                __graceful::Builder::current_thread()
                    .timeout(__graceful_private::Duration::new(5, 0)),
                true,
            ),
            __graceful_future,
        );
    }
}
