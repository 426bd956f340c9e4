#![no_implicit_prelude]
#![deny(warnings)]

#[derive(::graceful::Shutdown)]
struct Leaf;

#[derive(::graceful::Shutdown)]
#[shutdown(timeout = "5s")]
struct App<T> {
    #[shutdown(timeout = "1s")]
    leaf: Leaf,
    #[shutdown(method = into_iter)]
    bytes: ::std::vec::Vec<u8>,
    inner: T,
}

trait IntoIter: ::std::marker::Sized {
    fn into_iter(self) {}
}

impl IntoIter for ::std::vec::Vec<u8> {}

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
    if false {
        ::std::mem::drop((Either::Left(1), Either::Right {}, Value.get()));
    }
}
