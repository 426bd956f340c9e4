//! The process that a lifecycle belongs to. A child that `fork` makes of it has none of its threads: there no
//! signal is heard, and nothing is closed.

use super::state::Lifecycle;

impl Lifecycle {
    /// Whether its threads are here.
    pub(crate) fn is_of_this_process(&self) -> bool {
        self.process == std::process::id()
    }

    /// # Panics
    ///
    /// In a child: nobody else would say that its signals lead nowhere.
    #[track_caller]
    pub(crate) fn assert_not_forked(&self) {
        let (parent, here) = (self.process, std::process::id());
        assert!(
            self.is_of_this_process(),
            "process {here} was forked from process {parent}, whose graceful lifecycle had begun: its threads are not \
             here, so no signal is heard and nothing is closed. Fork first, in a plain `fn main`, which then calls \
             the function under `#[graceful::main]`"
        );
    }
}
