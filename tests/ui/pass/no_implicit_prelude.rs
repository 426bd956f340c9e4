#![no_implicit_prelude]
#![deny(warnings)]

#[derive(::graceful::Shutdown)]
#[shutdown(nothing)]
struct Leaf;

#[derive(::graceful::Shutdown)]
#[shutdown(timeout = "5s")]
struct App<T> {
    #[shutdown(timeout = "1s")]
    leaf: Leaf,
    #[shutdown(method = close_all)]
    bytes: ::std::vec::Vec<u8>,
    inner: T,
}

#[derive(::graceful::Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown]
    leaf: ::std::sync::Mutex<::std::option::Option<Leaf>>,
    #[shutdown(method = count_them)]
    bytes: ::std::vec::Vec<u8>,
    #[shutdown(with = |_, _| {})]
    byte: u8,
    #[shutdown(drop)]
    dropped: ::std::sync::Mutex<u8>,
    kept: u8,
}

impl Counted for ::std::vec::Vec<u8> {}

trait Counted {
    fn count_them(&self) {}
}

#[derive(::graceful::Shutdown)]
#[shutdown(shared)]
struct GenericShared<T>(#[shutdown] T, #[shutdown] ::std::sync::Mutex<T>);

trait CloseAll: ::std::marker::Sized {
    fn close_all(self) {}
}

impl CloseAll for ::std::vec::Vec<u8> {}

#[derive(::graceful::Shutdown)]
enum Either {
    Left(#[shutdown(drop)] u8),
    Right {},
}

struct Value;

impl Value {
    #[::graceful::main(flavor = "local")]
    async fn get(&self) -> u8 {
        1
    }
}

#[::graceful::main(flavor = "local", name = "rt", signals(SIGINT, SIGTERM, SIGHUP, SIGQUIT))]
async fn main() {
    ::graceful::manage(App { leaf: Leaf, bytes: ::std::vec::Vec::new(), inner: 1_u8 });
    ::graceful::manage(Shared {
        leaf: ::std::sync::Mutex::new(::std::option::Option::None),
        bytes: ::std::vec::Vec::new(),
        byte: 1,
        dropped: ::std::sync::Mutex::new(1),
        kept: 1,
    });
    if false {
        let none = || ::std::option::Option::None::<::std::vec::Vec<GenericShared<Leaf>>>;
        ::std::mem::drop(GenericShared(none(), ::std::sync::Mutex::new(none())));
        ::std::mem::drop((Either::Left(1), Either::Right {}, Value.get()));
    }
}
