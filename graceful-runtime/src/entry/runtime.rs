//! The tokio runtime that the attribute owns, in its three flavours.

use std::fmt;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, LocalOptions, LocalRuntime, Runtime};

/// What `unhandled_panic` may say: see [`tokio::runtime::Builder`].
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub enum UnhandledPanic {
    Ignore,
    ShutdownRuntime,
}

/// What kind of runtime it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    #[cfg(feature = "rt-multi-thread")]
    MultiThread,
    CurrentThread,
    Local,
}

/// The options of the runtime, as `#[tokio::main]` has them.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) flavor: Flavor,
    pub(super) worker_threads: Option<usize>,
    pub(super) name: Option<String>,
    /// What the program tells tokio's builder itself.
    pub(super) configure: Option<Configure>,
    #[cfg(feature = "test-util")]
    pub(super) start_paused: bool,
    #[cfg(tokio_unstable)]
    pub(super) unhandled_panic: Option<UnhandledPanic>,
}

#[derive(Clone)]
pub(super) struct Configure(pub(super) Arc<dyn Fn(&mut Builder) + Send + Sync>);

impl fmt::Debug for Configure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Configure(..)")
    }
}

impl Options {
    pub(super) fn is_local(&self) -> bool {
        self.flavor == Flavor::Local
    }

    /// Whether its clock is paused from the beginning.
    #[cfg_attr(
        not(feature = "test-util"),
        allow(
            clippy::unused_self,
            reason = "only there has it an option that says so"
        )
    )]
    pub(super) fn is_paused(&self) -> bool {
        #[cfg(feature = "test-util")]
        let is_paused = self.start_paused;
        #[cfg(not(feature = "test-util"))]
        let is_paused = false;
        is_paused
    }

    /// Whether the program has a say in how it is built.
    pub(super) fn is_configured(&self) -> bool {
        self.configure.is_some()
    }

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
pub(super) struct Owned(Option<AnyRuntime>);

enum AnyRuntime {
    Runtime(Runtime),
    Local(LocalRuntime),
}

impl Owned {
    /// Builds it; each of its threads runs `on_start` first.
    pub(super) fn build(
        options: Options,
        on_start: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let mut builder = match options.flavor {
            #[cfg(feature = "rt-multi-thread")]
            Flavor::MultiThread => Builder::new_multi_thread(),
            Flavor::CurrentThread | Flavor::Local => Builder::new_current_thread(),
        };
        builder.enable_all().on_thread_start(on_start);
        #[cfg(feature = "rt-multi-thread")]
        if let Some(threads) = options.worker_threads {
            builder.worker_threads(threads);
        }
        if let Some(name) = options.name {
            builder.name(name);
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
        if let Some(Configure(configure)) = options.configure {
            configure(&mut builder);
        }
        let runtime = match options.flavor {
            Flavor::Local => AnyRuntime::Local(builder.build_local(LocalOptions::default())?),
            #[cfg(feature = "rt-multi-thread")]
            Flavor::MultiThread => AnyRuntime::Runtime(builder.build()?),
            Flavor::CurrentThread => AnyRuntime::Runtime(builder.build()?),
        };
        Ok(Self(Some(runtime)))
    }

    fn runtime(&self) -> &AnyRuntime {
        self.0.as_ref().expect("it is taken where the value is")
    }

    pub(super) fn handle(&self) -> Handle {
        match self.runtime() {
            AnyRuntime::Runtime(runtime) => runtime.handle().clone(),
            AnyRuntime::Local(runtime) => runtime.handle().clone(),
        }
    }

    /// # Panics
    ///
    /// Inside another runtime, at the user's line.
    #[track_caller]
    pub(super) fn assert_outside(&self) {
        let nothing: Pin<&mut dyn Future<Output = ()>> = pin!(async {});
        self.handle().block_on(nothing);
    }

    #[track_caller]
    pub(super) fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) {
        match self.runtime() {
            AnyRuntime::Runtime(runtime) => runtime.block_on(future),
            AnyRuntime::Local(runtime) => runtime.block_on(future),
        }
    }

    pub(super) fn shutdown_timeout(mut self, limit: Duration) {
        self.end(limit);
    }

    fn end(&mut self, limit: Duration) {
        match self.0.take() {
            Some(AnyRuntime::Runtime(runtime)) => runtime.shutdown_timeout(limit),
            Some(AnyRuntime::Local(runtime)) => runtime.shutdown_timeout(limit),
            None => {}
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}
