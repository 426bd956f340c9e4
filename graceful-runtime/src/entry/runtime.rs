//! The tokio runtime that the attribute owns, in its three flavours.

use crate::erased::Driver;
use std::io;
use std::pin::Pin;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, LocalOptions};

/// What `unhandled_panic` may say: see [`tokio::runtime::Builder`].
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub enum UnhandledPanic {
    Ignore,
    ShutdownRuntime,
}

/// What kind of runtime it is. By functions, so that a program has the code of none but its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flavor {
    begin: fn() -> Builder,
    build: fn(&mut Builder) -> io::Result<Box<dyn Driver>>,
}

impl Flavor {
    #[cfg(feature = "rt-multi-thread")]
    pub(super) const MULTI_THREAD: Self = Self {
        begin: Builder::new_multi_thread,
        build,
    };
    pub(super) const CURRENT_THREAD: Self = Self {
        begin: Builder::new_current_thread,
        build,
    };
    pub(super) const LOCAL: Self = Self {
        begin: Builder::new_current_thread,
        build: |builder| Ok(Box::new(builder.build_local(LocalOptions::default())?)),
    };
}

fn build(builder: &mut Builder) -> io::Result<Box<dyn Driver>> {
    Ok(Box::new(builder.build()?))
}

/// What it is called, and how that is said to tokio: by a function, as its [`Flavor`].
#[derive(Clone, Debug)]
pub(super) struct Name {
    name: String,
    give: fn(&mut Builder, String),
}

impl Name {
    pub(super) fn new(name: String) -> Self {
        let give = |builder: &mut Builder, name| {
            builder.name(name);
        };
        Self { name, give }
    }
}

/// The options of the runtime, as `#[tokio::main]` has them.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) flavor: Flavor,
    pub(super) worker_threads: Option<usize>,
    pub(super) name: Option<Name>,
    #[cfg(feature = "test-util")]
    pub(super) start_paused: bool,
    #[cfg(tokio_unstable)]
    pub(super) unhandled_panic: Option<UnhandledPanic>,
}

impl Options {
    /// Whether a task that unwinds ends the runtime.
    #[cfg_attr(
        not(tokio_unstable),
        allow(
            clippy::unused_self,
            reason = "only there has it an option that says so"
        )
    )]
    pub(super) fn end_with_a_task(&self) -> bool {
        #[cfg(tokio_unstable)]
        let ends = matches!(self.unhandled_panic, Some(UnhandledPanic::ShutdownRuntime));
        #[cfg(not(tokio_unstable))]
        let ends = false;
        ends
    }
}

/// A runtime that is ours to end. Dropped, by a panic, it waits for nothing: its own drop would wait
/// for blocking work for ever.
pub(super) struct Owned(Option<Box<dyn Driver>>);

impl Owned {
    /// Builds it; each of its threads runs `on_start` first.
    pub(super) fn build(
        options: Options,
        on_start: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let mut builder = (options.flavor.begin)();
        builder.enable_all().on_thread_start(on_start);
        #[cfg(feature = "rt-multi-thread")]
        if let Some(threads) = options.worker_threads {
            builder.worker_threads(threads);
        }
        if let Some(Name { name, give }) = options.name {
            give(&mut builder, name);
        }
        #[cfg(feature = "test-util")]
        builder.start_paused(options.start_paused);
        #[cfg(tokio_unstable)]
        match options.unhandled_panic {
            Some(UnhandledPanic::Ignore) => {
                builder.unhandled_panic(tokio::runtime::UnhandledPanic::Ignore);
            }
            Some(UnhandledPanic::ShutdownRuntime) => {
                builder.unhandled_panic(tokio::runtime::UnhandledPanic::ShutdownRuntime);
            }
            None => {}
        }
        (options.flavor.build)(&mut builder).map(|runtime| Self(Some(runtime)))
    }

    fn runtime(&self) -> &dyn Driver {
        self.0.as_deref().expect("it is taken where the value is")
    }

    pub(super) fn handle(&self) -> Handle {
        self.runtime().handle().clone()
    }

    pub(super) fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) {
        self.runtime().block_on(future);
    }

    pub(super) fn shutdown_timeout(mut self, limit: Duration) {
        self.end(limit);
    }

    fn end(&mut self, limit: Duration) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_timeout(limit);
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}
