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
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
    #[allow(deprecated)]
    static __GRACEFUL_PLAN: __graceful::Plan = __graceful::Plan::new(
        "App",
        {
            static __GRACEFUL_STEPS: [__graceful::Step; 4] = [
                __graceful_private::PlanOf::<Http>::KIND.step("http", 0),
                __graceful_private::step("kind", 0).only_after(&["http"]),
                __graceful_private::PlanOf::<Http>::KIND
                    .step_within("db", 0, 2000000000)
                    .only_after(&["http", "kind"]),
                __graceful_private::step("log", 1).after(&["kind"]),
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
                http: __graceful_field_1,
                r#type: __graceful_field_2,
                db: __graceful_field_0,
                log: __graceful_field_3,
            } = __graceful_whole;
            let mut __graceful_parts = __graceful_private::Parts::new(
                __graceful_plan::<Self>(),
                __graceful_watch,
            );
            __graceful_private::Parts::close::<
                Http,
            >(&mut __graceful_parts, __graceful_field_1);
            __graceful_private::Parts::drop::<
                Guard,
            >(&mut __graceful_parts, __graceful_field_2);
            __graceful_private::Parts::close::<
                Http,
            >(&mut __graceful_parts, __graceful_field_0);
            __graceful_private::Parts::drop::<
                Guard,
            >(&mut __graceful_parts, __graceful_field_3);
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
