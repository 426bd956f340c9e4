// #[derive(Shutdown)]
// struct Pair(#[shutdown(drop)] Guard, #[shutdown] Http);

struct Pair(Guard, Http);
const _: () = {
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::Plan::new(
        "Pair",
        {
            static __GRACEFUL_STEPS: [__graceful::Step; 2] = [
                __graceful::step("0", 0),
                __graceful::PlanOf::<Http>::KIND.step("1", 1),
            ];
            &__GRACEFUL_STEPS
        },
    );
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `0` | its drop |  |
| 1 | `1` | [`Http`] |  |*/
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl __graceful::Shutdown for Pair {
        const PLAN: __graceful::Plan = __GRACEFUL_PLAN;
        const __GRACEFUL_NESTED: &'static __graceful::Plan = &__GRACEFUL_PLAN;
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
            let Self { 0: __0, 1: __1 } = __graceful_whole;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            __graceful::Parts::drop::<Guard>(&mut __graceful_parts, __0);
            __graceful::Parts::close::<Http>(&mut __graceful_parts, __1);
            __graceful::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for Pair
    where
        for<'__graceful> Pair: __graceful::SendFor<'__graceful>,
    {
        const PROOF: () = __graceful::needs_clone(
            __graceful::Cloneable::<Pair>::YES,
            "`Pair` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
        );
        fn shutdown_shared(
            self: __graceful::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful::Future<Output = __graceful::Result> + __graceful::Send {
            __graceful::Shutdown::shutdown(
                (&&__graceful::Sharing::of(&self)).sharing_kind().own(self),
                __graceful_cx,
            )
        }
        fn __graceful_close_shared(
            self: &__graceful::Arc<Self>,
            __graceful_watch: __graceful::Option<&__graceful::Watch>,
        ) -> __graceful::Option<__graceful::Close> {
            (&&__graceful::Sharing::of(self))
                .sharing_kind()
                .close(self, __graceful_watch)
        }
    }
};
