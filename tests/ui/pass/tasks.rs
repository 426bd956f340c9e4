//! Tasks that are closed, dropped or left by a mark, and fields that name them and hold none.

#![deny(warnings)]

use graceful::Shutdown;
use std::collections::{HashMap, VecDeque};
use std::marker::PhantomData;
use tokio::task::{JoinError, JoinHandle, JoinSet};

/// No outcome.
struct Stats;

/// It can't be shown.
struct Id;

/// Hides what it stands for.
type Hidden = Vec<(Id, JoinHandle<()>)>;

#[derive(Shutdown)]
struct App {
    #[shutdown]
    queue: VecDeque<JoinHandle<()>>,
    #[shutdown(critical)]
    watched: VecDeque<Option<JoinHandle<()>>>,
    #[shutdown(with = |task, _| async move { task.await.map(|Stats| ()) })]
    stats: JoinHandle<Stats>,
    #[shutdown(with = |tasks: HashMap<Id, JoinHandle<()>>, _| async move {
        for (_, task) in tasks {
            task.await?;
        }
        Ok::<(), JoinError>(())
    })]
    by_id: HashMap<Id, JoinHandle<()>>,
    #[shutdown(drop)]
    set: JoinSet<Stats>,
    #[shutdown(skip)]
    left: Vec<(Id, JoinHandle<()>)>,
    hidden: Hidden,
    start: fn() -> JoinHandle<()>,
    on_start: Box<dyn Fn(&JoinHandle<()>) + Send>,
    of: PhantomData<JoinSet<()>>,
}

fn start() -> JoinHandle<()> {
    tokio::spawn(async {})
}

#[graceful::main(flavor = "current_thread")]
async fn main() -> App {
    graceful::request("the example is over");
    App {
        queue: vec![start()].into(),
        watched: vec![None].into(),
        stats: tokio::spawn(async { Stats }),
        by_id: HashMap::new(),
        set: JoinSet::new(),
        left: vec![(Id, start())],
        hidden: vec![(Id, start())],
        start,
        on_start: Box::new(|_| {}),
        of: PhantomData,
    }
}
