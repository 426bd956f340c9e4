//! Critical fields: the tasks in a state whose end is a reason to stop.

use super::{Shutdown, Watch};
use crate::context::Close;

/// What `#[shutdown(critical)]` may stand on.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no task whose end can be watched",
    label = "`critical` stands on a `JoinHandle` of tokio's, or an `Option`, `Box`, `Vec`, `VecDeque`, array or map of them",
    note = "any other task is watched where it is spawned: `tokio::spawn(graceful::critical(\"name\", future))`"
)]
pub trait CriticalTask: Shutdown {
    /// How it is closed. Should it end before that begins, `watch` hears of it.
    fn watched(self, watch: Watch) -> Close;
}
