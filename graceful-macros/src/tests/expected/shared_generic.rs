// #[derive(Shutdown)]
// #[shutdown(shared)]
// struct App<T: Clone> {
//     #[shutdown]
//     service: T,
//     #[shutdown]
//     worker: Mutex<Option<T>>,
// }

struct App<T: Clone> {
    service: T,
    worker: Mutex<Option<T>>,
}
const _: () = {
    use ::graceful as __graceful;
    use ::graceful::__private as __graceful_private;
    use __graceful_private::{NoPlan as _, NotClosable as _, NotPlanned as _};
    /**| order | field | closed by | at most |
| --- | --- | --- | --- |
| 0 | `service` | its `Shutdown` |  |
| 1 | `worker` | its `Shutdown` |  |*/
    #[automatically_derived]
    #[allow(
        deprecated,
        redundant_lifetimes,
        rustdoc::broken_intra_doc_links,
        rustdoc::private_intra_doc_links
    )]
    impl<T: Clone> __graceful::Shutdown for App<T>
    where
        T: __graceful_private::core::marker::Sized + 'static,
        T: __graceful::Shutdown + __graceful_private::core::clone::Clone
            + __graceful_private::Send + __graceful_private::core::marker::Sync,
        Mutex<
            Option<T>,
        >: __graceful_private::TakenOut + __graceful_private::Send
            + __graceful_private::core::marker::Sync,
        for<'__graceful> App<T>: __graceful_private::ShareFor<'__graceful>,
    {
        const PLAN: __graceful::Plan = {
            __graceful::Plan::new(
                "App",
                &[
                    __graceful_private::planned::<T>("service", 0),
                    __graceful_private::planned::<Mutex<Option<T>>>("worker", 1),
                ],
            )
        };
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
    impl<T: Clone> __graceful::SharedShutdown for App<T>
    where
        T: __graceful_private::core::marker::Sized + 'static,
        T: __graceful::Shutdown + __graceful_private::core::clone::Clone
            + __graceful_private::Send + __graceful_private::core::marker::Sync,
        Mutex<
            Option<T>,
        >: __graceful_private::TakenOut + __graceful_private::Send
            + __graceful_private::core::marker::Sync,
        for<'__graceful> App<T>: __graceful_private::ShareFor<'__graceful>,
    {
        fn shutdown_shared(
            self: __graceful_private::Arc<Self>,
            __graceful_cx: __graceful::Context,
        ) -> impl __graceful_private::Future<
            Output = __graceful::Result,
        > + __graceful_private::Send {
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
                                T,
                            >::of(&__graceful_this.service))
                                .shared_kind()
                        };
                        __graceful_kind
                            .shutdown::<T>(&__graceful_this.service, __graceful_cx)
                            .await
                    },
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
                                Mutex<Option<T>>,
                            >::of(&__graceful_this.worker))
                                .shared_kind()
                        };
                        __graceful_kind
                            .shutdown::<
                                Mutex<Option<T>>,
                            >(&__graceful_this.worker, __graceful_cx)
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
