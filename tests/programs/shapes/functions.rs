//! Functions that are not `main`: `functions <row>`.

mod part;

use part::{App, Part, ready};
use std::io::{Error, Result, Write as _};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Once;
use std::thread;

/// Longer than what the kernel keeps of it.
const NAME: &str = "a server of some name";

struct Server {
    served: u32,
}

impl Server {
    #[graceful::main(flavor = "current_thread")]
    async fn serve(self, name: &str, (low, high): (u32, u32)) -> Result<Vec<String>> {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        let words = (low..high).map(|n| format!("{name} {n}"));
        Ok(words.chain([self.served.to_string()]).collect())
    }

    #[graceful::main(worker_threads = 1)]
    async fn count(&mut self) -> &u32 {
        graceful::manage(App::new());
        ready();
        graceful::requested().await;
        self.served += 1;
        &self.served
    }

    /// Its thread is held for longer than a body that listens has to show a sign of it.
    #[graceful::main(flavor = "current_thread")]
    async fn on_a_busy_thread(&self) -> u32 {
        graceful::manage(App::new());
        tokio::spawn(async {
            ready();
            thread::sleep(std::time::Duration::from_millis(600));
        });
        graceful::requested().await;
        self.served
    }

    /// The same where it is the body itself that does so. It asks only then, and has something to do.
    #[graceful::main(flavor = "current_thread")]
    async fn in_a_long_poll(&self) -> u32 {
        graceful::manage(App::new());
        ready();
        thread::sleep(std::time::Duration::from_millis(600));
        graceful::requested().await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        self.served
    }

    #[graceful::main(flavor = "local")]
    async fn never_asks(self: Rc<Self>) -> Rc<Self> {
        graceful::manage(App::new());
        ready();
        std::future::pending::<()>().await;
        self
    }
}

#[graceful::main(worker_threads = 1)]
async fn fail(why: &'static str) -> Result<std::convert::Infallible> {
    graceful::manage(App::new());
    Err(Error::other(why))
}

#[graceful::main(worker_threads = 1)]
async fn panic(why: &'static str) -> u32 {
    graceful::manage(App::new());
    panic!("{why}")
}

/// One of several that run at the same time.
#[graceful::main(flavor = "current_thread")]
async fn asks(name: &'static str, takes: u64) -> &'static str {
    graceful::manage(Part::new(name).that_takes(takes));
    ready();
    graceful::requested().await;
    name
}

#[graceful::main(flavor = "current_thread")]
async fn waits(name: &'static str, takes: u64) -> &'static str {
    graceful::manage(Part::new(name).that_takes(takes));
    ready();
    std::future::pending().await
}

#[graceful::main(flavor = "current_thread")]
async fn asks_and_fails_to_close() -> &'static str {
    graceful::manage(Part::new("db").that_fails());
    ready();
    graceful::requested().await;
    "a value"
}

#[graceful::main(flavor = "current_thread")]
async fn waits_and_fails_to_close(takes: u64) {
    graceful::manage(Part::new("db").that_takes(takes).that_fails());
    ready();
    std::future::pending::<()>().await;
}

#[graceful::main(flavor = "current_thread")]
async fn exits(code: u8) -> &'static str {
    graceful::manage(Part::new("exit"));
    graceful::exit(code).await
}

#[graceful::main(flavor = "current_thread", timeout = "1s")]
async fn exits_soon(code: u8) -> &'static str {
    println!("exits");
    graceful::exit(code).await
}

#[graceful::main(flavor = "current_thread")]
async fn task_exits(code: u8) -> &'static str {
    graceful::manage(App::new());
    tokio::spawn(graceful::exit(code));
    graceful::requested().await;
    "a value"
}

/// Says whether its threads have the name, and find the lifecycle.
fn configured(configure: fn(&mut tokio::runtime::Builder)) {
    let ask = || {
        (
            thread::current().name() == Some(NAME),
            graceful::is_requested(),
        )
    };
    let builder = graceful::Builder::multi_thread().configure(configure);
    builder.run(async move {
        let (task, requested) = tokio::spawn(async move { ask() }).await.unwrap();
        println!("a task: named {task}, requested {requested}");
        let (blocking, requested) = tokio::task::spawn_blocking(ask).await.unwrap();
        println!("blocking work: named {blocking}, requested {requested}");
        ready();
        std::future::pending::<()>().await;
    });
}

fn at_once(run: fn(&'static str, u64) -> &'static str) {
    let fast = thread::spawn(move || run("fast", 0));
    let slow = thread::spawn(move || run("slow", 400));
    for value in [run("here", 100), fast.join().unwrap(), slow.join().unwrap()] {
        println!("returned {value}");
    }
}

/// Two that never ask, each on a thread; the one fails to close.
fn one_fails(takes: u64, other_takes: u64) {
    let fails = thread::spawn(move || waits_and_fails_to_close(takes));
    waits("clean", other_takes);
    fails.join().unwrap();
}

/// A thread that holds standard error for ever, once the pipe behind it is full.
fn fill_stderr() {
    // More than any pipe holds unless it was widened.
    const PIPE: usize = 1 << 20;

    thread::spawn(|| std::io::stderr().lock().write_all(&vec![b'.'; PIPE]));
}

fn main() -> Result<ExitCode> {
    let mut server = Server { served: 40 };
    match &*std::env::args().nth(1).expect("a row") {
        "value" => println!("returned {:?}", server.serve("n", (1, 3))?),
        "reference" => println!("returned {}", server.count()),
        "never asks" => println!("returned {}", Rc::new(server).never_asks().served),
        "on a busy thread" => println!("returned {}", server.on_a_busy_thread()),
        "in a long poll" => println!("returned {}", server.in_a_long_poll()),
        "error" => {
            let Err(error) = fail("no disk");
            println!("returned {error}");
        }
        "panic" => {
            let panicked = std::panic::catch_unwind(|| panic("no disk"));
            println!("panicked {}", panicked.is_err());
        }
        "exit in a task" => println!("returned {}", task_exits(9)),
        "exit with 0 in a task" => println!("returned {}", task_exits(0)),
        "several times" => {
            server.count();
            server.count();
            println!("returned {}", server.count());
        }
        "fails to close" => println!("returned {}", asks_and_fails_to_close()),
        "at once, and the first one fails to close" => one_fails(0, 300),
        "at once, and the last one fails to close" => one_fails(300, 0),
        "named threads" => configured(|tokio| {
            tokio.thread_name(NAME);
        }),
        "threads with a start of their own" => configured(|tokio| {
            static FIRST: Once = Once::new();
            tokio.on_thread_start(|| FIRST.call_once(|| println!("a thread starts")));
        }),
        "beside a main that never ends" => {
            thread::spawn(|| println!("returned {}", asks("beside", 0)));
            loop {
                thread::park();
            }
        }
        "beside a main that never ends, and nobody reads" => {
            fill_stderr();
            thread::spawn(|| println!("returned {}", asks("beside", 0)));
            loop {
                thread::park();
            }
        }
        "two beside a main that never ends" => {
            thread::spawn(|| println!("returned {}", asks("fast", 0)));
            println!("returned {}", asks("slow", 30_000));
        }
        "at once" => at_once(asks),
        "at once, and none asks" => at_once(waits),
        "at once, and one exits" => {
            let other = thread::spawn(|| asks("slow", 400));
            thread::sleep(std::time::Duration::from_millis(200));
            exits(9);
            println!("returned {}", other.join().unwrap());
        }
        "at once, and one exits long before the other has closed" => {
            thread::spawn(|| asks("slow", 3000));
            thread::sleep(std::time::Duration::from_millis(200));
            exits_soon(9);
        }
        row => panic!("no row {row:?}"),
    }
    println!("the caller goes on");
    Ok(ExitCode::from(7))
}
