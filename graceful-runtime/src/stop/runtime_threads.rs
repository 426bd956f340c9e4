//! Which threads are those of the program's runtime. Their names do not tell: a thread that is given none is called as the one
//! that began it, and another runtime calls its threads as tokio does.

use crate::lock::Lock;
use crate::thread_state::current_thread;
use std::cell::OnceCell;
use std::sync::Arc;

#[derive(Default)]
pub(crate) struct RuntimeThreads {
    // A mutex: taken where such a thread begins and ends, and once in a stop.
    numbers: Lock<Vec<u32>>,
    /// The program may have put a hook of its own in the place of that by which they add themselves.
    may_be_unknown: bool,
}

impl RuntimeThreads {
    pub(crate) fn of_builder(is_configured: bool) -> Arc<Self> {
        Arc::new(Self {
            numbers: Lock::default(),
            may_be_unknown: is_configured,
        })
    }

    /// The calling thread is one of them, until it ends: then its number may be given to another one.
    pub(crate) fn add_this(self: &Arc<Self>) {
        if let Some(number) = current_thread() {
            ADDED.with(|added| {
                added.get_or_init(|| {
                    self.numbers.lock().push(number);
                    let threads = self.clone();
                    Added { threads, number }
                });
            });
        }
    }

    /// Whether one of them has this number.
    pub(super) fn have(&self, number: u32) -> bool {
        self.numbers.lock().contains(&number)
    }

    /// Whether they are known by nothing but their names.
    pub(super) fn are_unknown(&self) -> bool {
        self.may_be_unknown && self.numbers.lock().is_empty()
    }
}

thread_local! {
    static ADDED: OnceCell<Added> = const { OnceCell::new() };
}

/// That this thread is one.
struct Added {
    threads: Arc<RuntimeThreads>,
    number: u32,
}

impl Drop for Added {
    fn drop(&mut self) {
        let mut numbers = self.threads.numbers.lock();
        numbers.retain(|&number| number != self.number);
    }
}
