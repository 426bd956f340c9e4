// #[derive(Shutdown)]
// #[shutdown(timeout = "2m")]
// struct App {
//     #[shutdown(timeout = "10s")]
//     http: Http,
//     #[shutdown(method = drain)]
//     nats: Option<Nats>,
//     #[shutdown(with = |db, _|db.close())]
//     cache: Db,
//     #[shutdown(order = 1, with = |db, cx|async move{close(db, cx).await})]
//     db: Db,
//     #[shutdown(timeout = "1m30s", order = 0, with = close, name = "replica")]
//     other: Db,
//     #[shutdown(method = say(1000, "bye"))]
//     socket: Socket,
//     #[shutdown(drop)]
//     log: Guard,
//     #[shutdown(skip)]
//     spare: Http,
//     name: String,
// }

struct App {
    http: Http,
    nats: Option<Nats>,
    cache: Db,
    db: Db,
    other: Db,
    socket: Socket,
    log: Guard,
    spare: Http,
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
    const _: () = __graceful::assert_within(&__GRACEFUL_PLAN);
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::within(
        __graceful::Plan::new(
            "App",
            {
                static __GRACEFUL_STEPS: [__graceful::Step; 7] = [
                    __graceful::PlanOf::<Http>::KIND.step_within("http", 0, 10000000000),
                    __graceful::step_within("replica", 0, 90000000000),
                    __graceful::step("nats", 1),
                    __graceful::step("db", 1),
                    __graceful::step("socket", 1),
                    __graceful::step("cache", 2),
                    __graceful::step("log", 2),
                ];
                &__GRACEFUL_STEPS
            },
        ),
        __graceful::Duration::new(120, 0),
    );
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `http` | [`Http`] | 10s |
| 0 | `replica` | a function | 1m 30s |
| 1 | `nats` | `drain()` |  |
| 1 | `db` | a function |  |
| 1 | `socket` | `say(..)` |  |
| 2 | `cache` | a function |  |
| 2 | `log` | its drop |  |

In all at most 2m.*/
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
                http: __http,
                other: __other,
                nats: __nats,
                db: __db,
                socket: __socket,
                cache: __cache,
                log: __log,
                spare: __spare,
                name: __name,
            } = __graceful_whole;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            __graceful::Parts::close::<Http>(&mut __graceful_parts, __http);
            (&mut __graceful_parts)
                .call::<
                    Db,
                    _,
                    _,
                >(
                    __other,
                    |__other, __graceful_cx| {
                        let (__graceful_close, __graceful_field) = (close, __other);
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
            (&mut __graceful_parts)
                .call::<
                    Option<Nats>,
                    _,
                    _,
                >(
                    __nats,
                    |__nats, __graceful_cx| async move {
                        let __graceful::Option::Some(mut __nats) = __graceful::Held(
                                __nats,
                            )
                            .open() else {
                            return __graceful::nothing(__graceful_cx);
                        };
                        let __graceful_closed = __nats.drain();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            (&mut __graceful_parts)
                .call::<
                    Db,
                    _,
                    _,
                >(
                    __db,
                    |__db, __graceful_cx| {
                        let __graceful_closed = __graceful::call_with(
                            __db,
                            __graceful_cx,
                            |db, cx| async move { close(db, cx).await },
                        );
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed)
                    },
                );
            (&mut __graceful_parts)
                .call::<
                    Socket,
                    _,
                    _,
                >(
                    __socket,
                    |mut __socket, _| async move {
                        let __graceful_closed = __socket.say(1000, "bye");
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            (&mut __graceful_parts)
                .call::<
                    Db,
                    _,
                    _,
                >(
                    __cache,
                    |__cache, __graceful_cx| async move {
                        let db = __cache;
                        let __graceful_closed = db.close();
                        let __graceful_kind = (&&&&__graceful::Returned::of(
                            &__graceful_closed,
                        ))
                            .returned_kind();
                        __graceful_kind.outcome(__graceful_closed).await
                    },
                );
            __graceful::Parts::drop::<Guard>(&mut __graceful_parts, __log);
            __graceful::Parts::keep::<Http>(&mut __graceful_parts, __spare);
            __graceful::Parts::keep::<String>(&mut __graceful_parts, __name);
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
