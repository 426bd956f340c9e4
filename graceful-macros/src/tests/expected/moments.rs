// #[derive(Shutdown)]
// struct App {
//     #[shutdown(last)]
//     logs: Guard,
//     #[shutdown(last, method = flush)]
//     spans: Spans,
//     #[shutdown(timeout = "2s", at_request = Registry::leave, method = close)]
//     registry: Registry,
//     #[shutdown(at_request = |peers|async move{tell(peers).await}, drop)]
//     peers: Peers,
//     #[shutdown(timeout = "5s", method = drain, force = stop)]
//     grpc: Grpc,
//     #[shutdown(force = abort)]
//     pool: Pool,
// }

struct App {
    logs: Guard,
    spans: Spans,
    registry: Registry,
    peers: Peers,
    grpc: Grpc,
    pool: Pool,
}
const _: () = {
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::Plan::new(
        "App",
        {
            static __GRACEFUL_STEPS: [__graceful::Step; 6] = [
                __graceful::step_within("registry", 0, 2000000000).at_request(),
                __graceful::step("peers", 1).at_request(),
                __graceful::step_within("grpc", 2, 5000000000).force(),
                __graceful::PlanOf::<Pool>::KIND.step("pool", 3).force(),
                __graceful::step("logs", 0).last(),
                __graceful::step("spans", 0).last(),
            ];
            &__GRACEFUL_STEPS
        },
    );
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `registry` | `close()`, after a function at the request | 2s |
| 1 | `peers` | its drop, after a function at the request |  |
| 2 | `grpc` | `drain()`, then by `stop()` | 5s |
| 3 | `pool` | [`Pool`], then by `abort()` |  |
| last | `logs` | its `Shutdown`, else its drop |  |
| last | `spans` | `flush()` |  |*/
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl __graceful::Shutdown for App {
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
            let Self {
                registry: __registry,
                peers: __peers,
                grpc: __grpc,
                pool: __pool,
                logs: __logs,
                spans: __spans,
            } = __graceful_whole;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            let __registry = (&mut __graceful_parts)
                .at_request::<
                    Registry,
                    _,
                    _,
                >(
                    __registry,
                    |__graceful_loan| async move {
                        let __graceful_closed = (Registry::leave)(&*__graceful_loan);
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            (&mut __graceful_parts)
                .call_lent::<
                    Registry,
                    _,
                    _,
                >(
                    __registry,
                    |mut __registry, _| async move {
                        let __graceful_closed = __registry.close();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            let __peers = (&mut __graceful_parts)
                .at_request::<
                    Peers,
                    _,
                    _,
                >(
                    __peers,
                    |__graceful_loan| async move {
                        let __graceful_closed = __graceful::call_at_request(
                            &*__graceful_loan,
                            |peers| async move { tell(peers).await },
                        );
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            __graceful::Parts::drop_lent::<Peers>(&mut __graceful_parts, __peers);
            (&mut __graceful_parts)
                .call_or_force::<
                    Grpc,
                    _,
                    _,
                    _,
                    _,
                >(
                    __grpc,
                    |mut __grpc, _| async move {
                        let __graceful_closed = __grpc.drain();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                    |mut __grpc, _| async move {
                        let __graceful_closed = __grpc.stop();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            (&mut __graceful_parts)
                .close_or_force::<
                    Pool,
                    _,
                    _,
                >(
                    __pool,
                    |mut __pool, _| async move {
                        let __graceful_closed = __pool.abort();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            __graceful::LastWordOf::<Guard>::KIND.close(&mut __graceful_parts, __logs);
            __graceful::Parts::last_word(&mut __graceful_parts);
            (&mut __graceful_parts)
                .call::<
                    Spans,
                    _,
                    _,
                >(
                    __spans,
                    |mut __spans, _| async move {
                        let __graceful_closed = __spans.flush();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            __graceful::Parts::last_word(&mut __graceful_parts);
            __graceful::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for App
    where
        for<'__graceful> App: __graceful::SendFor<'__graceful>,
    {
        const PROOF: () = __graceful::needs_clone(
            __graceful::Cloneable::<App>::YES,
            "`App` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
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
