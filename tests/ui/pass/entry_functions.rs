//! Functions that are not `main`: methods, patterns, generics of an `impl`, and results of every kind.

#![deny(warnings)]

use std::fmt::Debug;

struct Server(u32);

trait Run {
    fn run(&self) -> u32;
}

impl Run for Server {
    #[graceful::main(flavor = "current_thread")]
    async fn run(&self) -> u32 {
        self.0
    }
}

impl Server {
    #[graceful::main(flavor = "current_thread")]
    async fn patterns(&self, (x, mut y): (u32, u32), [z]: [u32; 1]) -> u32 {
        #![allow(clippy::needless_return)]
        y += 1;
        return self.0 + x + y + z;
    }

    // Not where a program begins.
    #[graceful::main(flavor = "current_thread")]
    async fn main(&self) -> u32 {
        self.0
    }

    #[graceful::main(flavor = "local")]
    async fn boxed(self: Box<Self>) -> Self {
        *self
    }

    #[graceful::main(flavor = "current_thread")]
    async fn borrowed(&mut self) -> &u32 {
        self.0 += 1;
        &self.0
    }
}

struct Generic<T>(T);

impl<T: Debug> Generic<T> {
    #[graceful::main(flavor = "current_thread")]
    async fn of_impl<U: Debug>(t: T, u: &U) -> Result<String, std::fmt::Error> {
        Generic(Ok::<(), std::fmt::Error>(())).0?;
        Ok(format!("{t:?} {u:?}"))
    }
}

#[graceful::main(flavor = "current_thread")]
async fn opaque() -> impl Iterator<Item = u32> {
    vec![1, 2].into_iter()
}

#[graceful::main(flavor = "current_thread")]
async fn no_send() -> std::rc::Rc<u8> {
    let held = std::rc::Rc::new(1);
    std::future::ready(()).await;
    held
}

#[graceful::main(flavor = "current_thread")]
async unsafe fn constant<const N: usize>() -> [u8; N] {
    [0; N]
}

#[graceful::main(flavor = "current_thread")]
async extern "C" fn abi() {}

#[graceful::main(flavor = "current_thread")]
async fn elided(text: &str) -> &str {
    text
}

#[graceful::main(flavor = "current_thread")]
async fn never() -> ! {
    std::process::exit(3)
}

/// Documented.
#[graceful::main(flavor = "current_thread")]
#[expect(unused_variables)]
async fn expectation(x: u32) {
    let y = 1;
}

#[graceful::main(flavor = "current_thread")]
#[expect(dead_code)]
async fn unused() {}

#[graceful::main(flavor = "current_thread")]
#[must_use]
#[track_caller]
async fn must_be_used() -> u32 {
    1
}

fn main() {
    let mut server = Server(1);
    assert_eq!(server.run(), 1);
    assert_eq!(server.main(), 1);
    assert_eq!(server.patterns((1, 2), [3]), 8);
    assert_eq!(*server.borrowed(), 2);
    assert_eq!(Box::new(server).boxed().0, 2);
    assert_eq!(Generic::of_impl(1, &"x"), Ok("1 \"x\"".to_owned()));
    assert_eq!(opaque().sum::<u32>(), 3);
    assert_eq!(*no_send(), 1);
    // SAFETY: nothing in it is unsafe.
    assert_eq!(unsafe { constant::<2>() }, [0; 2]);
    assert_eq!(elided("x"), "x");
    assert_eq!(must_be_used(), 1);
    abi();
    expectation(1);
    if elided("").len() == 1 {
        never()
    }
}
