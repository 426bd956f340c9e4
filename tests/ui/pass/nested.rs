//! Plans that nest 40 levels deep, the outermost proven first. Much deeper rustc's own limit of recursion would have to be
//! raised, for whether the types are `Send` too.

use graceful::Shutdown;
use std::time::Duration;

macro_rules! nest {
    ($outer:ident $inner:ident $($rest:ident)*) => {
        #[derive(Shutdown)]
        struct $outer {
            #[shutdown]
            inner: Option<$inner>,
            #[shutdown(drop, timeout = "1s")]
            own: String,
        }

        nest!($inner $($rest)*);
    };
    ($last:ident) => {
        #[derive(Shutdown)]
        struct $last {
            #[shutdown(drop, timeout = "1s")]
            own: String,
        }
    };
}

nest!(
    A0 A1 A2 A3 A4 A5 A6 A7 A8 A9
    B0 B1 B2 B3 B4 B5 B6 B7 B8 B9
    C0 C1 C2 C3 C4 C5 C6 C7 C8 C9
    D0 D1 D2 D3 D4 D5 D6 D7 D8 D9
);

#[derive(Shutdown)]
#[shutdown(timeout = "40s")]
struct App {
    #[shutdown]
    nested: A0,
}

fn main() {
    let nested = A0 { inner: None, own: String::new() };
    let app = App { nested };
    assert!(app.nested.inner.is_none() && app.nested.own.is_empty());
    assert_eq!(App::PLAN.critical_path(), Duration::from_secs(40));
}
