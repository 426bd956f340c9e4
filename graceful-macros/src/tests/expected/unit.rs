// #[derive(Shutdown)]
// #[shutdown(nothing)]
// struct Nothing;

struct Nothing;
const _: () = {
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
    ///Nothing is closed.
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl __graceful::Shutdown for Nothing {
        const PLAN: __graceful::Plan = __graceful::Plan::new("Nothing", &[]);
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
            let Self {} = __graceful_whole;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            __graceful::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for Nothing
    where
        for<'__graceful> Nothing: __graceful::SendFor<'__graceful>,
    {
        const PROOF: () = __graceful::needs_clone(
            __graceful::Cloneable::<Nothing>::YES,
            "`Nothing` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
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
    }
};
