//! Private types in public ones, and the other way round.

#![deny(warnings, private_bounds, private_interfaces)]
#![allow(dead_code)]

mod service {
    use graceful::Shutdown;

    #[derive(Shutdown)]
    #[shutdown(nothing)]
    struct Private;

    #[derive(Shutdown)]
    pub struct Generic<T>(#[shutdown] T);

    #[derive(Shutdown)]
    pub struct Public {
        #[shutdown]
        private: Private,
        pub(crate) name: String,
    }

    #[derive(Shutdown)]
    pub(crate) struct OfCrate<T> {
        #[shutdown]
        pub generic: Generic<T>,
        wrapped: Option<Wrapper<T>>,
    }

    struct Wrapper<T>(T);

    #[derive(Shutdown)]
    pub(in crate::service) struct OfPath(#[shutdown] Public);

    #[derive(Shutdown)]
    #[shutdown(nothing)]
    pub struct Bounded<T> {
        private: std::marker::PhantomData<Wrapper<T>>,
    }
}

fn main() {}
