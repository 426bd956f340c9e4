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
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
    #[allow(deprecated)]
    const _: () = __graceful::forgotten(
        __graceful::Closable::<String>::YES,
        "field `name` can be closed and has no mark: add `#[shutdown]` to close it, or `#[shutdown(skip)]` to leave it",
    );
    #[allow(deprecated)]
    const _: () = __graceful::needs_share::<App>();
    #[allow(deprecated)]
    const _: () = __graceful::assert_within(&__GRACEFUL_PLAN);
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::within(
        __graceful::Plan::new(
            "App",
            {
                static __GRACEFUL_STEPS: [__graceful::Step; 4] = [
                    __graceful::PlanOf::<Http>::KIND.step_within("http", 0, 10000000000),
                    __graceful::step("nats", 1),
                    __graceful::step("db", 2),
                    __graceful::step("log", 3),
                ];
                &__GRACEFUL_STEPS
            },
        ),
        __graceful::Duration::new(25, 0),
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
        for<'__graceful> App: __graceful::ShareFor<'__graceful>,
    {
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
            __graceful::Shutdown::__graceful_close(
                __graceful::Arc::new(self),
                __graceful_watch,
            )
        }
    }
    #[automatically_derived]
    #[allow(deprecated, redundant_lifetimes)]
    impl __graceful::SharedShutdown for App
    where
        for<'__graceful> App: __graceful::ShareFor<'__graceful>,
    {
        fn shutdown_shared(
            self: __graceful::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful::Future<Output = __graceful::Result> + __graceful::Send {
            __graceful::close(self, __graceful_cx)
        }
        fn __graceful_close_shared(
            self: &__graceful::Arc<Self>,
            __graceful_watch: __graceful::Option<&__graceful::Watch>,
        ) -> __graceful::Option<__graceful::Close> {
            _ = &self.name;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            (&&&&&__graceful::SharedField::<Http>::of(&self.http))
                .shared_kind()
                .close::<
                    Http,
                    Self,
                >(
                    &mut __graceful_parts,
                    __graceful::hold::<Self>(self),
                    |__graceful_this| &__graceful_this.http,
                );
            (&mut __graceful_parts)
                .call::<
                    __graceful::Arc<Self>,
                    _,
                    _,
                >(
                    __graceful::hold::<Self>(self),
                    |__graceful_this, _| async move {
                        let __graceful_closed = __graceful_this.nats.flush();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            (&mut __graceful_parts)
                .call::<
                    __graceful::Arc<Self>,
                    _,
                    _,
                >(
                    __graceful::hold::<Self>(self),
                    |__graceful_this, __graceful_cx| {
                        let (__graceful_close, __graceful_field) = (
                            close,
                            __graceful::clone_field::<Db>(&__graceful_this.db),
                        );
                        let __graceful_closed = (&&__graceful::Closer::of(
                            &__graceful_close,
                            &__graceful_field,
                        ))
                            .closer_kind()
                            .call(__graceful_field, __graceful_cx, __graceful_close);
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed)
                    },
                );
            __graceful::Dropped
                .close::<
                    Mutex<Option<Guard>>,
                    Self,
                >(
                    &mut __graceful_parts,
                    __graceful::hold::<Self>(self),
                    |__graceful_this| &__graceful_this.log,
                );
            __graceful::Parts::keep(
                &mut __graceful_parts,
                __graceful::hold::<Self>(self),
            );
            __graceful::Option::Some(__graceful::Parts::whole(__graceful_parts))
        }
    }
};
