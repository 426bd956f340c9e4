//! [`bb8`](::bb8) 0.9: its pools have no close. They end with their last clone, and each connection then, or when it is
//! given back.

use crate::tell::{connections_in_use, none_is_left, tell_until};
use bb8::{ManageConnection, Pool};
use graceful_runtime::Context;

/// Closes a pool: waits until none of its connections is out, and drops it. Meanwhile it says how many are. At the limit
/// these are left to the end of the process, and so are all where somebody else has a clone of the pool.
///
/// It can't refuse those who go on asking for connections: close what uses them before.
///
/// ```no_run
/// # type Postgres = Manager; struct Manager;
/// # impl bb8::ManageConnection for Manager {
/// #     type Connection = (); type Error = std::fmt::Error;
/// #     async fn connect(&self) -> Result<(), Self::Error> { Ok(()) }
/// #     async fn is_valid(&self, _: &mut ()) -> Result<(), Self::Error> { Ok(()) }
/// #     fn has_broken(&self, _: &mut ()) -> bool { false }
/// # }
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::bb8::close)]
///     db: bb8::Pool<Postgres>,
/// }
/// # fn main() {}
/// ```
///
/// # Cancel safety
///
/// The pool is dropped.
pub async fn close<M: ManageConnection>(pool: Pool<M>, cx: Context) {
    let out = || {
        let state = pool.state();
        state.connections.saturating_sub(state.idle_connections) as usize
    };
    let all = || pool.state().connections as usize;
    tell_until(&cx, none_is_left(out), || connections_in_use(out(), all())).await;
}
