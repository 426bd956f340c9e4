// #[derive(Shutdown)]
// struct Pair(#[shutdown(drop)] Guard, #[shutdown] Http);

struct Pair(Guard, Http);
const _: () = {
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::Plan::new(
        "Pair",
        {
            static __GRACEFUL_STEPS: [__graceful::Step; 2] = [
                __graceful_private::step("0", 0),
                __graceful_private::PlanOf::<Http>::KIND.step("1", 1),
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
            let Self { 0: __graceful_field_0, 1: __graceful_field_1 } = __graceful_whole;
            let mut __graceful_parts = __graceful_private::Parts::new(
                __graceful_plan::<Self>(),
                __graceful_watch,
            );
            __graceful_private::Parts::drop::<
                Guard,
            >(&mut __graceful_parts, __graceful_field_0);
            __graceful_private::Parts::close::<
                Http,
            >(&mut __graceful_parts, __graceful_field_1);
            __graceful_private::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for Pair
    where
        for<'__graceful> Pair: __graceful_private::SendFor<'__graceful>,
    {
        const PROOF: () = {
            use __graceful_private::NotCloneable as _;
            __graceful_private::needs_clone(
                __graceful_private::Cloneable::<Pair>::YES,
                "`Pair` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
            )
        };
        fn shutdown_shared(
            self: __graceful_private::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful_private::Future<
            Output = __graceful::Result,
        > + __graceful_private::Send {
            let __graceful_kind = {
                use __graceful_private::{CloneKind as _, HeldKind as _};
                (&&__graceful_private::Sharing::of(&self)).sharing_kind()
            };
            __graceful::Shutdown::shutdown(__graceful_kind.own(self), __graceful_cx)
        }
    }
    const fn __graceful_plan<S: __graceful::Shutdown>() -> __graceful::Plan {
        S::PLAN
    }
};
