// #[derive(Shutdown)]
// struct App {
//     #[shutdown(after(http, r#type), timeout = "2s")]
//     db: Http,
//     #[shutdown]
//     http: Http,
//     #[shutdown(drop, after(http), name = "kind")]
//     r#type: Guard,
//     #[shutdown(drop, order = 1, after(r#type))]
//     log: Guard,
// }

struct App {
    db: Http,
    http: Http,
    r#type: Guard,
    log: Guard,
}
const _: () = {
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::Plan::new(
        "App",
        {
            static __GRACEFUL_STEPS: [__graceful::Step; 4] = [
                __graceful::PlanOf::<Http>::KIND.step("http", 0),
                __graceful::step("kind", 0).only_after(&["http"]),
                __graceful::PlanOf::<Http>::KIND
                    .step_within("db", 0, 2000000000)
                    .only_after(&["http", "kind"]),
                __graceful::step("log", 1).after(&["kind"]),
            ];
            &__GRACEFUL_STEPS
        },
    );
    /**| order | field | closed by | at most | after |
| --- | --- | --- | --- | --- |
| 0 | `http` | [`Http`] |  |  |
|  | `kind` | its drop |  | `http` |
|  | `db` | [`Http`] | 2s | `http`, `kind` |
| 1 | `log` | its drop |  | `kind` |*/
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
            let Self { http: __http, r#type: __type, db: __db, log: __log } = __graceful_whole;
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            __graceful::Parts::close::<Http>(&mut __graceful_parts, __http);
            __graceful::Parts::drop::<Guard>(&mut __graceful_parts, __type);
            __graceful::Parts::close::<Http>(&mut __graceful_parts, __db);
            __graceful::Parts::drop::<Guard>(&mut __graceful_parts, __log);
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
