//! What the threads of the program's runtime are called: it may have named them.

use crate::lock::Lock;
use std::thread;

/// What the kernel keeps of a thread's name.
const KEPT: usize = 15;

// A mutex: taken where such a thread begins, and once in a stop.
#[derive(Default)]
pub(crate) struct RuntimeThreads(Lock<Vec<Vec<u8>>>);

impl RuntimeThreads {
    /// The calling thread is one of them.
    pub(crate) fn add_this(&self) {
        let this = thread::current();
        if let Some(name) = this.name() {
            let kept: Vec<u8> = name.bytes().take(KEPT).collect();
            let mut names = self.0.lock();
            if !names.contains(&kept) {
                names.push(kept);
            }
        }
    }

    /// Whether one of them has this name, as the kernel has it.
    pub(super) fn have(&self, name: &[u8]) -> bool {
        self.0.lock().iter().any(|known| known == name)
    }
}
