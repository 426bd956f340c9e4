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
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
    #[allow(deprecated)]
    const _: () = __graceful::forgotten(
        __graceful::Closable::<u16>::YES,
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
                        __graceful::PlanOf::<Http>::KIND.step_within("0", 0, 5000000000),
                    ];
                    &__GRACEFUL_STEPS
                },
            ),
            __graceful::Plan::new(
                "Server::Nats",
                {
                    static __GRACEFUL_STEPS: [__graceful::Step; 1] = [
                        __graceful::step("nats", 0),
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
        ) -> impl __graceful::Future<Output = __graceful::Result> + __graceful::Send {
            __graceful::close(self, __graceful_cx)
        }
        fn __graceful_close(
            self,
            __graceful_watch: __graceful::Option<&__graceful::Watch>,
        ) -> __graceful::Close {
            let __graceful_whole = self;
            match __graceful_whole {
                Self::Http { 0: __0 } => {
                    let mut __graceful_parts = __graceful::Parts::new(
                        __graceful::Plan::variant(&__graceful::plan::<Self>(), 0),
                        __graceful_watch,
                    );
                    __graceful::Parts::close::<Http>(&mut __graceful_parts, __0);
                    __graceful::Parts::whole(__graceful_parts)
                }
                Self::Nats { nats: __nats, port: __port } => {
                    let mut __graceful_parts = __graceful::Parts::new(
                        __graceful::Plan::variant(&__graceful::plan::<Self>(), 1),
                        __graceful_watch,
                    );
                    (&mut __graceful_parts)
                        .call::<
                            Nats,
                            _,
                            _,
                        >(
                            __nats,
                            |mut __nats, _| async move {
                                let __graceful_closed = __nats.drain();
                                let __graceful_kind = (&&&&__graceful::Returned::of(
                                    &__graceful_closed,
                                ))
                                    .returned_kind();
                                __graceful_kind.outcome(__graceful_closed).await
                            },
                        );
                    __graceful::Parts::keep::<u16>(&mut __graceful_parts, __port);
                    __graceful::Parts::whole(__graceful_parts)
                }
                Self::None {} => {
                    let mut __graceful_parts = __graceful::Parts::new(
                        __graceful::Plan::variant(&__graceful::plan::<Self>(), 2),
                        __graceful_watch,
                    );
                    __graceful::Parts::whole(__graceful_parts)
                }
            }
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for Server
    where
        for<'__graceful> Server: __graceful::SendFor<'__graceful>,
    {
        const PROOF: () = __graceful::needs_clone(
            __graceful::Cloneable::<Server>::YES,
            "`Server` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
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
