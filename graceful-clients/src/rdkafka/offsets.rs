//! Which offset of a partition can be committed, where messages are processed out of their order.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One partition for as long as it is assigned to this consumer.
#[derive(Debug, Default)]
pub(super) struct Partition {
    // A lock: a few instructions for each message, and `librdkafka`'s own note of the offset in the right order.
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    /// Taken, and not processed.
    in_hand: BTreeSet<i64>,
    /// The last one taken.
    last: Option<i64>,
    /// The offset that is stored: all below it are processed.
    stored: i64,
    is_revoked: bool,
}

impl Partition {
    pub(super) fn take(&self, offset: i64) {
        let mut progress = self.lock();
        if progress.last.is_none() {
            progress.stored = offset;
        }
        progress.last = Some(offset);
        progress.in_hand.insert(offset);
    }

    /// Calls `store` with the last offset below which all are processed, where this one moves it.
    pub(super) fn processed<E>(
        &self,
        offset: i64,
        store: impl FnOnce(i64) -> Result<(), E>,
    ) -> Result<(), Unstored<E>> {
        let mut progress = self.lock();
        if progress.is_revoked {
            return Err(Unstored::Revoked);
        }
        progress.in_hand.remove(&offset);
        let behind_last = progress.last.map_or(offset, |last| last) + 1;
        let first_open = progress.in_hand.first().copied().unwrap_or(behind_last);
        if first_open > progress.stored {
            store(first_open - 1).map_err(Unstored::Failed)?;
            progress.stored = first_open;
        }
        Ok(())
    }

    fn revoke(&self) {
        self.lock().is_revoked = true;
    }

    /// Whether it belongs to somebody else now.
    pub(super) fn is_revoked(&self) -> bool {
        self.lock().is_revoked
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        // Nothing is left half done under it.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why an offset was not stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unstored<E> {
    /// The partition belongs to somebody else now.
    Revoked,
    Failed(E),
}

/// The partitions that are assigned, and of which something was taken.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    // A lock: one look for each message.
    all: Mutex<HashMap<(String, i32), Arc<Partition>>>,
}

impl Partitions {
    pub(super) fn of(&self, topic: &str, partition: i32) -> Arc<Partition> {
        let key = (topic.to_owned(), partition);
        self.lock().entry(key).or_default().clone()
    }

    /// What is in hand of it is somebody else's from now on.
    pub(super) fn revoke(&self, topic: &str, partition: i32) {
        if let Some(revoked) = self.lock().remove(&(topic.to_owned(), partition)) {
            revoked.revoke();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, i32), Arc<Partition>>> {
        // Nothing is left half done under it.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes all of these, then processes them in this order: what was stored after each.
    fn stored(taken: &[i64], processed: &[i64]) -> Vec<Option<i64>> {
        let partition = Partition::default();
        for offset in taken {
            partition.take(*offset);
        }
        let store = |offset: &i64| {
            let mut stored = None;
            let done = partition.processed(*offset, |offset| {
                stored = Some(offset);
                Ok::<_, ()>(())
            });
            assert_eq!(done, Ok(()));
            stored
        };
        processed.iter().map(store).collect()
    }

    #[test]
    fn nothing_is_stored_behind_what_is_not_processed() {
        assert_eq!(stored(&[5, 6, 7], &[5, 6, 7]), [Some(5), Some(6), Some(7)]);
        assert_eq!(stored(&[5, 6, 7], &[7, 6, 5]), [None, None, Some(7)]);
        assert_eq!(stored(&[5, 6, 7], &[6, 5, 7]), [None, Some(6), Some(7)]);
        assert_eq!(stored(&[5, 6, 7], &[6, 7]), [None, None]);
    }

    /// In every order in which seven may end.
    #[test]
    fn no_offset_passes_one_that_is_not_processed() {
        in_every_order(&mut (0..7).collect(), 0, &|order: &[i64]| {
            let mut open: BTreeSet<i64> = order.iter().copied().collect();
            let taken: Vec<i64> = open.iter().copied().collect();
            for (ended, stored) in order.iter().zip(stored(&taken, order)) {
                open.remove(ended);
                let below = open.first().copied().unwrap_or(7);
                assert!(stored.is_none_or(|stored| stored == below - 1), "{order:?}");
            }
        });
    }

    fn in_every_order(of: &mut Vec<i64>, from: usize, check: &impl Fn(&[i64])) {
        if from == of.len() {
            return check(of);
        }
        for other in from..of.len() {
            of.swap(from, other);
            in_every_order(of, from + 1, check);
            of.swap(from, other);
        }
    }

    #[test]
    fn offsets_have_gaps_where_transactions_and_compaction_leave_them() {
        assert_eq!(stored(&[5, 9, 12], &[9, 5, 12]), [None, Some(11), Some(12)]);
    }

    #[test]
    fn what_could_not_be_stored_is_stored_with_the_next() {
        let partition = Partition::default();
        partition.take(1);
        partition.take(2);
        assert_eq!(
            partition.processed(1, |_| Err("no")),
            Err(Unstored::Failed("no"))
        );
        let mut stored = None;
        let done = partition.processed(2, |offset| {
            stored = Some(offset);
            Ok::<_, ()>(())
        });
        assert_eq!((done, stored), (Ok(()), Some(2)));
    }

    #[test]
    fn of_a_partition_that_was_taken_away_nothing_is_stored() {
        let partitions = Partitions::default();
        let before = partitions.of("orders", 0);
        before.take(1);
        partitions.revoke("orders", 0);
        let done = before.processed(1, |_| -> Result<(), ()> { panic!("not ours any more") });
        assert_eq!(done, Err(Unstored::Revoked));
        let again = partitions.of("orders", 0);
        again.take(1);
        assert_eq!(again.processed(1, |_| Ok::<_, ()>(())), Ok(()));
    }
}
