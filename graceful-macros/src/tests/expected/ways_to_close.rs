// #[derive(Shutdown)]
// #[shutdown(timeout = "2m")]
// struct App {
//     #[shutdown(timeout = "10s")]
//     http: Http,
//     #[shutdown(method = drain)]
//     nats: Nats,
//     #[shutdown(order = 1, with = |db, cx|async move{close(db, cx).await})]
//     db: Db,
//     #[shutdown(timeout = "1m30s", order = 0, with = close, name = "replica")]
//     other: Db,
//     #[shutdown(drop)]
//     log: Guard,
//     #[shutdown(skip)]
//     spare: Http,
//     name: String,
// }

struct App {
    http: Http,
    nats: Nats,
    db: Db,
    other: Db,
    log: Guard,
    spare: Http,
    name: String,
}
const _: () = {
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
    #[allow(deprecated)]
    const _: () = __graceful_private::forgotten(
        __graceful_private::Closable::<String>::YES,
        "field `name` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
    );
    #[allow(deprecated)]
    const _: () = __graceful_private::assert_within(&__GRACEFUL_PLAN);
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful_private::within(
        __graceful::Plan::new(
            "App",
            {
                static __GRACEFUL_STEPS: [__graceful::Step; 5] = [
                    __graceful_private::PlanOf::<Http>::KIND
                        .step_within("http", 0, 10000000000),
                    __graceful_private::step_within("replica", 0, 90000000000),
                    __graceful_private::step("nats", 1),
                    __graceful_private::step("db", 1),
                    __graceful_private::step("log", 1),
                ];
                &__GRACEFUL_STEPS
            },
        ),
        __graceful_private::Duration::new(120, 0),
    );
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `http` | [`Http`] | 10s |
| 0 | `replica` | a function | 90s |
| 1 | `nats` | `drain()` |  |
| 1 | `db` | a function |  |
| 1 | `log` | its drop |  |

In all at most 120s.*/
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
                http: __graceful_field_0,
                other: __graceful_field_3,
                nats: __graceful_field_1,
                db: __graceful_field_2,
                log: __graceful_field_4,
                spare: __graceful_field_5,
                name: __graceful_field_6,
            } = __graceful_whole;
            let mut __graceful_parts = __graceful_private::Parts::new(
                __graceful_plan::<Self>(),
                __graceful_watch,
            );
            __graceful_private::Parts::close::<
                Http,
            >(&mut __graceful_parts, __graceful_field_0);
            (&mut __graceful_parts)
                .call::<
                    Db,
                    _,
                    _,
                >(
                    __graceful_field_3,
                    |__graceful_field, __graceful_cx| async move {
                        let __graceful_returned = __graceful_private::call_with(
                            __graceful_field,
                            __graceful_cx,
                            close,
                        );
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
            (&mut __graceful_parts)
                .call::<
                    Nats,
                    _,
                    _,
                >(
                    __graceful_field_1,
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
            (&mut __graceful_parts)
                .call::<
                    Db,
                    _,
                    _,
                >(
                    __graceful_field_2,
                    |__graceful_field, __graceful_cx| async move {
                        let __graceful_returned = __graceful_private::call_with(
                            __graceful_field,
                            __graceful_cx,
                            |db, cx| async move { close(db, cx).await },
                        );
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
            __graceful_private::Parts::drop::<
                Guard,
            >(&mut __graceful_parts, __graceful_field_4);
            __graceful_private::Parts::keep::<
                Http,
            >(&mut __graceful_parts, __graceful_field_5);
            __graceful_private::Parts::keep::<
                String,
            >(&mut __graceful_parts, __graceful_field_6);
            __graceful_private::Parts::whole(__graceful_parts)
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for App
    where
        for<'__graceful> App: __graceful_private::SendFor<'__graceful>,
    {
        const PROOF: () = {
            use __graceful_private::NotCloneable as _;
            __graceful_private::needs_clone(
                __graceful_private::Cloneable::<App>::YES,
                "`App` is in an `Arc`, which others may hold too, and is not `Clone`: derive `Clone`, or write `#[shutdown(shared)]` on it",
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
