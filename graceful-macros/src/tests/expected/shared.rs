// #[derive(Shutdown)]
// #[shutdown(shared, timeout = "25s")]
// struct App {
//     #[shutdown(timeout = "10s")]
//     http: Http,
//     #[shutdown(method = flush)]
//     nats: Nats,
//     #[shutdown(with = close)]
//     db: Db,
//     #[shutdown(drop)]
//     log: Mutex<Option<Guard>>,
//     name: String,
// }

struct App {
    http: Http,
    nats: Nats,
    db: Db,
    log: Mutex<Option<Guard>>,
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
    const _: () = __graceful_private::needs_share::<App>();
    #[allow(deprecated)]
    const _: () = __graceful_private::assert_within(&__GRACEFUL_PLAN);
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful_private::within(
        __graceful::Plan::new(
            "App",
            {
                static __GRACEFUL_STEPS: [__graceful::Step; 4] = [
                    __graceful_private::PlanOf::<Http>::KIND
                        .step_within("http", 0, 10000000000),
                    __graceful_private::step("nats", 1),
                    __graceful_private::step("db", 2),
                    __graceful_private::step("log", 3),
                ];
                &__GRACEFUL_STEPS
            },
        ),
        __graceful_private::Duration::new(25, 0),
    );
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `http` | [`Http`] | 10s |
| 1 | `nats` | `flush()` |  |
| 2 | `db` | a function |  |
| 3 | `log` | its drop |  |

In all at most 25s.*/
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl __graceful::Shutdown for App
    where
        for<'__graceful> App: __graceful_private::ShareFor<'__graceful>,
    {
        const PLAN: __graceful::Plan = __GRACEFUL_PLAN;
        const __GRACEFUL_NESTED: &'static __graceful::Plan = &__GRACEFUL_PLAN;
        fn shutdown(
            self,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful_private::Future<
            Output = __graceful::Result,
        > + __graceful_private::Send {
            __graceful::SharedShutdown::shutdown_shared(
                __graceful_private::Arc::new(self),
                __graceful_cx,
            )
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for App
    where
        for<'__graceful> App: __graceful_private::ShareFor<'__graceful>,
    {
        fn shutdown_shared(
            self: __graceful_private::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful_private::Future<
            Output = __graceful::Result,
        > + __graceful_private::Send {
            _ = &self.name;
            let mut __graceful_steps = __graceful::Steps::new(
                __graceful_cx,
                __graceful_plan::<Self>(),
            );
            (&mut __graceful_steps)
                .call(
                    __graceful_private::hold::<Self>(&self),
                    |__graceful_this, __graceful_cx| async move {
                        let __graceful_kind = {
                            use __graceful_private::{
                                AnyFieldKind as _, ClonedKind as _, DroppedKind as _,
                                NoShutdownKind as _, TakenKind as _,
                            };
                            (&&&&&__graceful_private::SharedField::<
                                Http,
                            >::of(&__graceful_this.http))
                                .shared_kind()
                        };
                        __graceful_kind
                            .shutdown::<Http>(&__graceful_this.http, __graceful_cx)
                            .await
                    },
                );
            (&mut __graceful_steps)
                .call(
                    __graceful_private::hold::<Self>(&self),
                    |__graceful_this, _| async move {
                        let __graceful_returned = __graceful_this.nats.flush();
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
            (&mut __graceful_steps)
                .call(
                    __graceful_private::hold::<Self>(&self),
                    |__graceful_this, __graceful_cx| async move {
                        let __graceful_field = __graceful_private::clone_field::<
                            Db,
                        >(&__graceful_this.db);
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
            (&mut __graceful_steps)
                .call(
                    __graceful_private::hold::<Self>(&self),
                    |__graceful_this, _| async move {
                        __graceful_private::drop_shared::<
                            Mutex<Option<Guard>>,
                        >(&__graceful_this.log)
                            .await
                    },
                );
            __graceful::Steps::keep(&mut __graceful_steps, self);
            __graceful::Steps::run(__graceful_steps)
        }
    }
    const fn __graceful_plan<S: __graceful::Shutdown>() -> __graceful::Plan {
        S::PLAN
    }
};
