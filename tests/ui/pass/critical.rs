//! What `critical` may stand on, and that it is watched there.

use graceful::{Embedded, IntoOutcome, Reason, Shutdown};
use std::collections::{BTreeMap, HashMap};
use std::future::pending;
use std::time::Duration;
use tokio::task::JoinHandle;

type Task = JoinHandle<Result<(), std::io::Error>>;

#[derive(Shutdown)]
#[shutdown(timeout = "20s")]
struct Tasks {
    #[shutdown(critical, timeout = "1s")]
    one: Task,
    #[shutdown(critical, order = 0, name = "maybe")]
    r#optional: Option<JoinHandle<bool>>,
    #[shutdown(critical, after(one))]
    list: Vec<JoinHandle<()>>,
    #[shutdown(critical)]
    boxed: Box<JoinHandle<()>>,
    #[shutdown(critical)]
    array: [Task; 1],
    #[shutdown(critical)]
    named: HashMap<&'static str, Task>,
    #[shutdown(critical)]
    sorted: BTreeMap<u8, Option<Task>>,
    name: String,
}

#[derive(Shutdown)]
enum Server<T: IntoOutcome + Send, C>
where
    C: Send,
{
    Task(#[shutdown(critical)] JoinHandle<T>),
    Tasks {
        #[shutdown]
        inner: Box<Tasks>,
        config: C,
    },
}

#[derive(Shutdown)]
struct App<C: Send>(#[shutdown] Option<Server<(), C>>, #[shutdown(drop)] String);

fn running<T: Send + 'static>() -> JoinHandle<T> {
    tokio::spawn(pending())
}

fn tasks(one: Task) -> Tasks {
    Tasks {
        one,
        r#optional: None,
        list: vec![running(), running()],
        boxed: Box::new(running()),
        array: [running()],
        named: HashMap::from([("eu", running())]),
        sorted: BTreeMap::from([(1, None), (2, Some(running()))]),
        name: String::new(),
    }
}

async fn reason(state: impl Shutdown) -> String {
    let service = Embedded::new();
    service.run(state);
    let reason = service.wanted().await;
    assert!(matches!(reason, Reason::CriticalTask { .. }));
    let report = service.stop(Duration::from_millis(50)).await;
    // Most of the other tasks never end.
    let code = if report.deadline_passed { 124 } else { 1 };
    assert_eq!(report.exit_code, code);
    reason.to_string()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let fails = async { Err(std::io::Error::other("connection lost")) };
    let inner = Box::new(tasks(tokio::spawn(fails)));
    let nested = App(Some(Server::Tasks { inner, config: 1 }), String::new());
    assert_eq!(
        reason(nested).await,
        "critical task `0.inner.one` failed: connection lost"
    );

    let of_enum = Server::<_, ()>::Task(tokio::spawn(async { 3 }));
    assert_eq!(reason(of_enum).await, "critical task `0` ended");

    let mut of_map = tasks(running());
    let ended = tokio::spawn(async { Ok(()) });
    of_map.sorted.insert(3, Some(ended));
    assert_eq!(reason(of_map).await, "critical task `sorted.3` ended");

    let mut optional = tasks(running());
    optional.r#optional = Some(tokio::spawn(async { false }));
    assert_eq!(
        reason(optional).await,
        "critical task `maybe` failed: the close returned `false`"
    );
}
