// #[derive(Shutdown)]
// enum Server {
//     Http(#[shutdown(timeout = "5s")] Http),
//     Nats { #[shutdown(method = drain)] nats: Nats, port: u16 },
//     None,
// }

enum Server {
    Http(Http),
    Nats { nats: Nats, port: u16 },
    None,
}
const _: () = {
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
    #[allow(deprecated)]
    const _: () = __graceful_private::forgotten(
        __graceful_private::Closable::<u16>::YES,
        "field `port` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
    );
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::Plan::variants(
        "Server",
        &[
            __graceful::Plan::new(
                "Server::Http",
                {
                    static __GRACEFUL_STEPS: [__graceful::Step; 1] = [
                        __graceful_private::PlanOf::<Http>::KIND
                            .step_within("0", 0, 5000000000),
                    ];
                    &__GRACEFUL_STEPS
                },
            ),
            __graceful::Plan::new(
                "Server::Nats",
                {
                    static __GRACEFUL_STEPS: [__graceful::Step; 1] = [
                        __graceful_private::step("nats", 0),
                    ];
                    &__GRACEFUL_STEPS
                },
            ),
            __graceful::Plan::new("Server::None", &[]),
        ],
    );
    /**`Server::Http`:

| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `0` | [`Http`] | 5s |

`Server::Nats`:

| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `nats` | `drain()` |  |

`Server::None`:

Nothing is closed.*/
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl __graceful::Shutdown for Server {
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
            match __graceful_whole {
                Self::Http { 0: __graceful_field_0 } => {
                    let mut __graceful_parts = __graceful_private::Parts::new(
                        __graceful::Plan::variant(&__graceful_plan::<Self>(), 0),
                        __graceful_watch,
                    );
                    __graceful_private::Parts::close::<
                        Http,
                    >(&mut __graceful_parts, __graceful_field_0);
                    __graceful_private::Parts::whole(__graceful_parts)
                }
                Self::Nats { nats: __graceful_field_0, port: __graceful_field_1 } => {
                    let mut __graceful_parts = __graceful_private::Parts::new(
                        __graceful::Plan::variant(&__graceful_plan::<Self>(), 1),
                        __graceful_watch,
                    );
                    (&mut __graceful_parts)
                        .call::<
                            Nats,
                            _,
                            _,
                        >(
                            __graceful_field_0,
                            |mut __graceful_field, _| async move {
                                let __graceful_returned = __graceful_field.drain();
                                let __graceful_kind = {
                                    use __graceful_private::{
                                        DebugKind as _, FutureKind as _, OutcomeKind as _,
                                        ShownFutureKind as _,
                                    };
                                    (&&&&__graceful_private::Returned::of(&__graceful_returned))
                                        .returned_kind()
                                };
                                __graceful_kind.outcome(__graceful_returned).await
                            },
                        );
                    __graceful_private::Parts::keep::<
                        u16,
                    >(&mut __graceful_parts, __graceful_field_1);
                    __graceful_private::Parts::whole(__graceful_parts)
                }
                Self::None {} => {
                    let mut __graceful_parts = __graceful_private::Parts::new(
                        __graceful::Plan::variant(&__graceful_plan::<Self>(), 2),
                        __graceful_watch,
                    );
                    __graceful_private::Parts::whole(__graceful_parts)
                }
            }
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for Server
    where
        for<'__graceful> Server: __graceful_private::SendFor<'__graceful>,
    {
        const PROOF: () = {
            use __graceful_private::NotCloneable as _;
            __graceful_private::needs_clone(
                __graceful_private::Cloneable::<Server>::YES,
                "`Server` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
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
