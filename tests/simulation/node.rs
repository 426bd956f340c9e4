//! A value that closes as told, and writes down what happens to it.

use crate::journal::{Event, Journal};
use crate::plan::Tree;
use graceful::{Context, Plan, Result, Shutdown, Steps, Tracker};
use std::future::pending;
use std::time::Duration;
use tokio::time::sleep;

/// What a close does, after a time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Close {
    Ends,
    Fails,
    Panics,
    /// It panics when it is called, before there is a future.
    PanicsAtOnce,
    /// It never ends, and its drop panics.
    HangsAndPanicsWhenDropped,
    Hangs,
    /// It asks for its next poll at once, this many times.
    Yields(u32),
    /// It waits for tasks that take a time each.
    Drains([Duration; 3]),
}

impl Close {
    fn random(random: &mut fastrand::Rng) -> Self {
        match random.u8(0..16) {
            0..=5 => Self::Ends,
            6 | 7 => Self::Fails,
            8 | 9 => Self::Panics,
            10 => Self::PanicsAtOnce,
            11 => Self::HangsAndPanicsWhenDropped,
            12 | 13 => Self::Hangs,
            14 => Self::Yields(random.u32(0..300)),
            _ => Self::Drains([(); 3].map(|()| Duration::from_millis(random.u64(0..300)))),
        }
    }
}

/// A state, or a field of one.
pub(crate) struct Node {
    journal: Journal,
    name: String,
    kind: Kind,
}

enum Kind {
    Leaf(Leaf),
    State(Plan, Vec<Option<Node>>),
}

struct Leaf {
    close: Close,
    after: Duration,
    jobs: Tracker,
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("as it was dropped");
    }
}

impl Node {
    /// The state of this plan, with closes at random. Some fields have nothing to close.
    pub(crate) fn state(
        tree: &Tree,
        name: &str,
        journal: &Journal,
        random: &mut fastrand::Rng,
    ) -> Self {
        let fields = tree.steps.iter().zip(&tree.nested).map(|(step, nested)| {
            let name = match name {
                "" => step.name().to_owned(),
                outer => format!("{outer}.{}", step.name()),
            };
            match nested {
                Some(nested) => Some(Self::state(nested, &name, journal, random)),
                None if random.u8(0..8) == 0 => None,
                None => Some(Self::leaf(name, journal, random)),
            }
        });
        let fields = fields.collect();
        Self {
            journal: journal.clone(),
            name: name.to_owned(),
            kind: Kind::State(tree.plan(), fields),
        }
    }

    pub(crate) fn leaf(name: String, journal: &Journal, random: &mut fastrand::Rng) -> Self {
        let leaf = Leaf {
            close: Close::random(random),
            after: Duration::from_millis(random.u64(0..300)),
            jobs: Tracker::new(),
        };
        if let Close::Drains(times) = leaf.close {
            for time in times {
                let (journal, name) = (journal.clone(), name.clone());
                let job = async move {
                    sleep(time).await;
                    journal.write(&name, Event::TaskEnded);
                };
                leaf.jobs.spawn(job).expect("nothing is closed yet");
            }
        }
        Self {
            journal: journal.clone(),
            name,
            kind: Kind::Leaf(leaf),
        }
    }
}

impl Leaf {
    async fn close(self, journal: Journal, name: String, cx: Context) -> Result {
        let begun = journal.begin(&name);
        match self.close {
            Close::Ends => sleep(self.after).await,
            Close::Fails => {
                sleep(self.after).await;
                begun.ends(Event::Failed);
                return Err("as told".into());
            }
            Close::Panics | Close::PanicsAtOnce => {
                sleep(self.after).await;
                begun.ends(Event::Panicked);
                panic!("as told");
            }
            Close::HangsAndPanicsWhenDropped => {
                let _panics = PanicsWhenDropped;
                pending::<()>().await;
            }
            Close::Hangs => pending::<()>().await,
            Close::Yields(times) => {
                for _ in 0..times {
                    tokio::task::yield_now().await;
                }
            }
            Close::Drains(_) => {
                let drained = self.jobs.shutdown(cx).await;
                begun.ends(Event::Closed);
                return drained;
            }
        }
        begun.ends(Event::Closed);
        Ok(())
    }
}

impl Shutdown for Node {
    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let Self {
            journal,
            name,
            kind,
        } = self;
        let leaf = match kind {
            Kind::Leaf(leaf) => Ok(leaf),
            Kind::State(plan, fields) => {
                let mut steps = Steps::new(cx.clone(), plan);
                for field in fields {
                    steps.close(field);
                }
                Err(steps.run())
            }
        };
        if let Ok(Leaf {
            close: Close::PanicsAtOnce,
            ..
        }) = leaf
        {
            journal.begin(&name).ends(Event::Panicked);
            panic!("as it was called");
        }
        async move {
            match leaf {
                Ok(leaf) => leaf.close(journal, name, cx).await,
                Err(steps) => steps.await,
            }
        }
    }
}
