//! The socket on which systemd listens.

use sd_notify::NotifyState;

/// Who does not listen any more needs no answer.
pub(super) fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(target: "graceful", %error, "systemd was not told");
    }
}
