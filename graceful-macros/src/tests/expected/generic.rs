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
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
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
    impl<'a, T: Clone, const N: usize> __graceful::Shutdown for App<'a, T, { N }>
    where
        T: Send,
        'a: 'static,
        T: 'static,
        [T; N]: __graceful::Shutdown,
        Vec<T>: __graceful::Send + __graceful::core::marker::Sized,
        for<'__graceful> App<'a, T, { N }>: __graceful::SendFor<'__graceful>,
    {
        const PLAN: __graceful::Plan = {
            __graceful::forgotten(
                __graceful::Closable::<Vec<T>>::YES,
                "field `kept` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
            );
            __graceful::forgotten(
                __graceful::Closable::<&'a str>::YES,
                "field `name` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
            );
            __graceful::Plan::new(
                "App",
                &[__graceful::planned_within::<[T; N]>("all", 0, 5000000000)],
            )
        };
        fn shutdown(
            self,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful::Future<Output = __graceful::Result> + __graceful::Send {
            __graceful::close(self, __graceful_cx)
        }
        fn __graceful_close(
            self,
            __graceful_watch: __graceful::Option<&__graceful::Watch>,
        ) -> __graceful::Close {
            let __graceful_whole = self;
            let Self { all: __all, kept: __kept, name: __name } = __graceful_whole;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            __graceful::Parts::close::<[T; N]>(&mut __graceful_parts, __all);
            __graceful::Parts::keep::<Vec<T>>(&mut __graceful_parts, __kept);
            __graceful::Parts::keep::<&'a str>(&mut __graceful_parts, __name);
            __graceful::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl<'a, T: Clone, const N: usize> __graceful::SharedShutdown for App<'a, T, { N }>
    where
        T: Send,
        'a: 'static,
        T: 'static,
        [T; N]: __graceful::Shutdown,
        Vec<T>: __graceful::Send + __graceful::core::marker::Sized,
        for<'__graceful> App<'a, T, { N }>: __graceful::SendFor<'__graceful>,
        App<'a, T, { N }>: __graceful::core::clone::Clone,
    {
        fn shutdown_shared(
            self: __graceful::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful::Future<Output = __graceful::Result> + __graceful::Send {
            __graceful::Shutdown::shutdown(__graceful::ByClone.own(self), __graceful_cx)
        }
        fn __graceful_close_shared(
            self: &__graceful::Arc<Self>,
            __graceful_watch: __graceful::Option<&__graceful::Watch>,
        ) -> __graceful::Option<__graceful::Close> {
            __graceful::ByClone.close(self, __graceful_watch)
        }
    }
};
