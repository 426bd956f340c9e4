// #[derive(Shutdown)]
// struct App<'a, T: Clone, const N: usize>
// where
//     T: Send,
// {
//     #[shutdown(timeout = "5s")]
//     all: [T; N],
//     kept: Vec<T>,
//     name: &'a str,
// }

struct App<'a, T: Clone, const N: usize>
where
    T: Send,
{
    all: [T; N],
    kept: Vec<T>,
    name: &'a str,
}
const _: () = {
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `all` | its `Shutdown` | 5s |*/
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl<'a, T: Clone, const N: usize> __graceful::Shutdown for App<'a, T, N>
    where
        T: Send,
        'a: 'static,
        T: __graceful_private::core::marker::Sized + 'static,
        [T; N]: __graceful::Shutdown,
        Vec<T>: __graceful_private::Send,
    {
        const PLAN: __graceful::Plan = {
            __graceful_private::forgotten(
                __graceful_private::Closable::<Vec<T>>::YES,
                "field `kept` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
            );
            __graceful_private::forgotten(
                __graceful_private::Closable::<&'a str>::YES,
                "field `name` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
            );
            __graceful::Plan::new(
                "App",
                &[__graceful_private::planned_within::<[T; N]>("all", 0, 5000000000)],
            )
        };
        fn shutdown(
            self,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful_private::Future<
            Output = __graceful::Result,
        > + __graceful_private::Send {
            __graceful_private::close(self, __graceful_cx)
        }
        fn __graceful_close(
            self,
            __graceful_watch: __graceful_private::Option<&__graceful_private::Watch>,
        ) -> __graceful_private::Close {
            let __graceful_whole = self;
            let Self {
                all: __graceful_field_0,
                kept: __graceful_field_1,
                name: __graceful_field_2,
            } = __graceful_whole;
            let mut __graceful_parts = __graceful_private::Parts::new(
                __graceful_plan::<Self>(),
                __graceful_watch,
            );
            __graceful_private::Parts::close::<
                [T; N],
            >(&mut __graceful_parts, __graceful_field_0);
            __graceful_private::Parts::keep::<
                Vec<T>,
            >(&mut __graceful_parts, __graceful_field_1);
            __graceful_private::Parts::keep::<
                &'a str,
            >(&mut __graceful_parts, __graceful_field_2);
            __graceful_private::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl<'a, T: Clone, const N: usize> __graceful::SharedShutdown for App<'a, T, N>
    where
        T: Send,
        'a: 'static,
        T: __graceful_private::core::marker::Sized + 'static,
        [T; N]: __graceful::Shutdown,
        Vec<T>: __graceful_private::Send,
        App<'a, T, N>: __graceful_private::core::clone::Clone,
    {
        fn shutdown_shared(
            self: __graceful_private::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful_private::Future<
            Output = __graceful::Result,
        > + __graceful_private::Send {
            __graceful::Shutdown::shutdown(
                __graceful_private::Arc::unwrap_or_clone(self),
                __graceful_cx,
            )
        }
    }
    const fn __graceful_plan<S: __graceful::Shutdown>() -> __graceful::Plan {
        S::PLAN
    }
};
