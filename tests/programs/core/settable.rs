//! Settings of the core: what stands here takes effect once the builder has a method of this name, which then
//! goes before the trait's.

pub(crate) trait Settable: Sized {
    fn max_closing_threads(self, _threads: usize) -> Self {
        self
    }

    fn closing_stack_size(self, _bytes: usize) -> Self {
        self
    }
}

impl Settable for graceful::Builder {}
