//! A list in which every place that is asked for is there.

use std::ops::{Deref, DerefMut, Index, IndexMut};

/// That a place is not there is a bug, told here: in each line that asks it is 70 bytes.
pub(super) struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Table<T> {
    pub(super) fn push(&mut self, item: T) {
        self.0.push(item);
    }
}

impl<T> Deref for Table<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for Table<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> Index<usize> for Table<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        self.0.get(place).unwrap_or_else(|| missing())
    }
}

impl<T> IndexMut<usize> for Table<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        self.0.get_mut(place).unwrap_or_else(|| missing())
    }
}

#[cold]
fn missing() -> ! {
    unreachable!("a place on the board that nobody has")
}
