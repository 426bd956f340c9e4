//! Who hears of the end of the critical tasks in a state.

use crate::reason::Reason;
use std::fmt;
use std::sync::Arc;

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
