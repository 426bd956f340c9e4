//! What is in flight on one connection, each with its key.

use super::request::Request;
use slab::Slab;

/// HTTP/1 has one at a time. That one stands here itself: beside what else a request touches, and without a place to look for.
pub(super) struct Requests {
    first: Option<Request>,
    more: Slab<Request>,
}

const FIRST: usize = 0;

impl Requests {
    pub(super) fn new() -> Self {
        Self {
            first: None,
            more: Slab::new(),
        }
    }

    #[inline]
    pub(super) fn insert(&mut self, request: Request) -> usize {
        if self.first.is_none() {
            self.first = Some(request);
            return FIRST;
        }
        self.more.insert(request) + 1
    }

    #[inline]
    pub(super) fn remove(&mut self, key: usize) {
        match key.checked_sub(1) {
            None => self.first = None,
            Some(key) => drop(self.more.try_remove(key)),
        }
    }

    pub(super) fn get(&self, key: usize) -> Option<&Request> {
        match key.checked_sub(1) {
            None => self.first.as_ref(),
            Some(key) => self.more.get(key),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none() && self.more.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Request> {
        let more = self.more.iter().map(|(_, request)| request);
        self.first.iter().chain(more)
    }
}
