//! A type with parameters is not blamed beside its field: the impl is asked for only where the type is `Send`.

use graceful::Shutdown;
use std::rc::Rc;

#[derive(Shutdown)]
struct OfType<T> {
    #[shutdown(drop)]
    inner: T,
    cache: Rc<u8>,
}

#[derive(Shutdown)]
struct OfLifetime<'a> {
    name: &'a str,
    #[shutdown(drop)]
    cache: Rc<u8>,
}

#[derive(Shutdown)]
struct OfNumber<const N: usize> {
    #[shutdown(drop)]
    numbers: [u8; N],
    #[shutdown(skip)]
    cache: Rc<u8>,
}

#[derive(Shutdown)]
enum Variants<T> {
    Plain(#[shutdown(drop)] T),
    Cached(Rc<u8>),
}

fn main() {}

// errors: 4
