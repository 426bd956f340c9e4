//! `cfg`, docs and other macros' attributes; a function, a module and a method called like the attribute.

#![deny(warnings)]

use graceful::Shutdown;

/// Documented.
#[doc(alias = "service")]
#[derive(Debug, Default, Shutdown)]
#[must_use]
struct App {
    /** In a block. */
    #[cfg_attr(all(), shutdown(order = 2, drop))]
    #[allow(dead_code)]
    second: String,
    #[cfg(any())]
    #[shutdown(bogus)]
    gone: Missing,
    #[cfg_attr(any(), shutdown(bogus))]
    #[doc = concat!("macro", "s")]
    plain: String,
    /// Deprecated.
    #[deprecated]
    #[shutdown(order = 1, drop)]
    first: String,
    #[deprecated]
    kept: String,
}

#[deprecated]
#[derive(Shutdown)]
#[allow(dead_code)]
enum Old {
    #[deprecated]
    Variant(#[shutdown] Option<App>),
}

impl App {
    #[allow(dead_code)]
    const PLAN: u8 = 0;

    fn shutdown(&self) -> &str {
        &self.plain
    }
}

mod shutdown {}

fn main() {
    fn shutdown() {}

    #[derive(Shutdown)]
    struct Local {
        #[shutdown]
        app: App,
    }

    shutdown();
    assert_eq!(App::shutdown(&App::default()), "");
    let names: Vec<_> = <App as Shutdown>::PLAN.steps().iter().map(|step| step.name()).collect();
    assert_eq!(names, ["first", "second"]);
    assert_eq!(Local::PLAN.steps().len(), 1);
    drop(Local { app: App::default() });
}
