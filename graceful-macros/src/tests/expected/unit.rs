// #[derive(Shutdown)]
// struct Nothing;

struct Nothing;
const _: () = {
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
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
            let Self {} = __graceful_whole;
            let mut __graceful_parts = __graceful_private::Parts::new(
                __graceful_plan::<Self>(),
                __graceful_watch,
            );
            __graceful_private::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for Nothing
    where
        for<'__graceful> Nothing: __graceful_private::SendFor<'__graceful>,
    {
        const PROOF: () = {
            use __graceful_private::NotCloneable as _;
            __graceful_private::needs_clone(
                __graceful_private::Cloneable::<Nothing>::YES,
                "`Nothing` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
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
