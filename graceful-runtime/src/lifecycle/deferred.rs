//! Something that was deferred, and may be taken back.

use super::state::Lifecycle;
use std::fmt;
use std::sync::Weak;
use std::time::Duration;

/// A close that was registered with [`defer`](crate::defer) or [`manage`](crate::manage). Dropping this changes nothing.
///
/// ```no_run
/// # struct Lease; impl Lease { async fn release(self) {} }
/// # async fn take_lease() -> Lease { Lease }
/// # async fn start() {
/// let lease = take_lease().await;
/// let rollback = graceful::defer("lease", |_cx| async move { lease.release().await })
///     .timeout(std::time::Duration::from_secs(2));
/// // … later, when the lease is somebody else's to release:
/// rollback.cancel();
/// # }
/// ```
pub struct Deferred {
    pub(super) lifecycle: Weak<Lifecycle>,
    pub(super) id: Option<u64>,
}

impl Deferred {
    /// Sets the longest that the close may take; then it is left behind, and the next one begins. Without it the close
    /// shares what nobody declared.
    #[allow(
        clippy::return_self_not_must_use,
        reason = "the close is registered whether or not the handle is kept"
    )]
    pub fn timeout(self, timeout: Duration) -> Self {
        if let (Some(lifecycle), Some(id)) = (self.lifecycle.upgrade(), self.id) {
            lifecycle.stack().set_limit(id, timeout);
        }
        self
    }

    /// Takes the close back: it will not run. `false` where it has begun already.
    pub fn cancel(self) -> bool {
        let (Some(lifecycle), Some(id)) = (self.lifecycle.upgrade(), self.id) else {
            return false;
        };
        let entry = lifecycle.stack().remove(id);
        entry.is_some()
    }
}

impl fmt::Debug for Deferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deferred").finish_non_exhaustive()
    }
}
