//! Something that happens once, and is waited for.

use crate::contained::contained;
use crate::futures::Boxed;
use tokio::sync::SetOnce;

#[derive(Default)]
pub(crate) struct Latch(SetOnce<()>);

impl Latch {
    pub(crate) fn new() -> Self {
        Self(SetOnce::new())
    }

    /// It happens here, unless it has.
    pub(crate) fn open(&self) {
        set(&self.0, ());
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.initialized()
    }

    /// Resolves once it has happened.
    pub(crate) async fn wait(&self) {
        self.0.wait().await;
    }

    /// The same, of one type with what else is waited for.
    pub(crate) fn opened(&self) -> Boxed<'_> {
        Box::pin(self.wait())
    }
}

/// Sets it, unless it is set; whether it was this. Whoever is woken may have an executor of the user's, and
/// a panic of that is not ours.
pub(crate) fn set<T>(once: &SetOnce<T>, value: T) -> bool {
    contained(|| once.set(value).is_ok()).unwrap_or(true)
}
