//! Critical fields: the tasks in a state whose end is a reason to stop, and who hears of it.

use super::{Close, Shutdown};
use crate::reason::Reason;
use std::fmt;
use std::sync::Arc;

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

/// Who hears that a critical task of a state has ended, and what that is called.
#[doc(hidden)]
#[derive(Clone)]
pub struct Watch {
    stop: Arc<dyn Fn(Reason) + Send + Sync>,
    path: String,
}

impl Watch {
    /// Of a whole state: `stop` begins the stop of whoever runs it.
    pub(crate) fn new(stop: impl Fn(Reason) + Send + Sync + 'static) -> Self {
        Self {
            stop: Arc::new(stop),
            path: String::new(),
        }
    }

    /// Of a part of it.
    pub(crate) fn below(&self, name: &str) -> Self {
        let path = match &*self.path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        Self {
            stop: self.stop.clone(),
            path,
        }
    }

    /// The dotted path, as in the report.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn ended(&self, how: String) {
        let name = self.path.clone().into();
        (self.stop)(Reason::CriticalTask { name, how });
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.path).finish()
    }
}
