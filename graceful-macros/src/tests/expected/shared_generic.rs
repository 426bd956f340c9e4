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
    use ::graceful::macros_of_graceful as __graceful;
    use __graceful::kinds::*;
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
        T: 'static,
        T: __graceful::Shutdown + __graceful::core::clone::Clone + __graceful::Send
            + __graceful::core::marker::Sized + __graceful::core::marker::Sync,
        Mutex<
            Option<T>,
        >: __graceful::TakenOut + __graceful::Send + __graceful::core::marker::Sized
            + __graceful::core::marker::Sync,
        for<'__graceful> App<T>: __graceful::ShareFor<'__graceful>,
    {
        const PLAN: __graceful::Plan = {
            __graceful::Plan::new(
                "App",
                &[
                    __graceful::planned::<T>("service", 0),
                    __graceful::planned::<Mutex<Option<T>>>("worker", 1),
                ],
            )
        };
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
    impl<T: Clone> __graceful::SharedShutdown for App<T>
    where
        T: 'static,
        T: __graceful::Shutdown + __graceful::core::clone::Clone + __graceful::Send
            + __graceful::core::marker::Sized + __graceful::core::marker::Sync,
        Mutex<
            Option<T>,
        >: __graceful::TakenOut + __graceful::Send + __graceful::core::marker::Sized
            + __graceful::core::marker::Sync,
        for<'__graceful> App<T>: __graceful::ShareFor<'__graceful>,
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
            let mut __graceful_parts = __graceful::Parts::new(
                __graceful::plan::<Self>(),
                __graceful_watch,
            );
            (&&&&&__graceful::SharedField::<T>::of(&self.service))
                .shared_kind()
                .close::<
                    T,
                    Self,
                >(
                    &mut __graceful_parts,
                    __graceful::hold::<Self>(self),
                    |__graceful_this| &__graceful_this.service,
                );
            (&&&&&__graceful::SharedField::<Mutex<Option<T>>>::of(&self.worker))
                .shared_kind()
                .close::<
                    Mutex<Option<T>>,
                    Self,
                >(
                    &mut __graceful_parts,
                    __graceful::hold::<Self>(self),
                    |__graceful_this| &__graceful_this.worker,
                );
            __graceful::Parts::keep(
                &mut __graceful_parts,
                __graceful::hold::<Self>(self),
            );
            __graceful::Option::Some(__graceful::Parts::whole(__graceful_parts))
        }
    }
};
