//! Fields that wait for others by name.

use graceful::{Embedded, Plan, Shutdown};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Written in its order, and closed in another.
#[derive(Shutdown)]
struct App {
    #[shutdown(drop, after(r#type, outbox,), timeout = "2s")]
    db: String,
    #[shutdown(drop, timeout = "10s")]
    http: String,
    #[shutdown(drop, after(http), timeout = "1s", name = "mailbox")]
    outbox: String,
    config: u8,
    // 1, as if `outbox` were not there.
    #[shutdown(drop, timeout = "3s")]
    r#type: String,
    #[shutdown(drop, order = 2, after(outbox))]
    logs: String,
}

#[derive(Shutdown)]
struct Tuple(#[shutdown(drop, after(1))] String, #[shutdown(drop)] String);

#[derive(Shutdown)]
enum Server {
    Off,
    Http {
        #[shutdown(drop, after(server))]
        health: String,
        #[shutdown(drop)]
        server: String,
    },
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Shared<T: Default + Send + 'static> {
    #[shutdown(drop, after(server))]
    health: Mutex<T>,
    #[shutdown(drop)]
    server: Mutex<String>,
}

fn names(plan: Plan) -> Vec<(&'static str, Option<u32>, &'static [&'static str])> {
    let steps = plan.steps().iter();
    steps.map(|step| (step.name(), step.get_order(), step.get_after())).collect()
}

fn main() {
    assert_eq!(
        names(App::PLAN),
        [
            ("http", Some(0), &[][..]),
            ("mailbox", None, &["http"]),
            ("type", Some(1), &[]),
            ("db", None, &["mailbox", "type"]),
            ("logs", Some(2), &["mailbox"]),
        ]
    );
    assert_eq!(App::PLAN.critical_path(), Duration::from_secs(15));
    assert_eq!(names(Tuple::PLAN), [("1", Some(0), &[][..]), ("0", None, &["1"])]);
    let server = [("server", Some(0), &[][..]), ("health", None, &["server"])];
    assert_eq!(names(Server::PLAN.variant(1)), server);
    assert_eq!(names(Shared::<u8>::PLAN), server);

    let text = String::new;
    let app = App {
        db: text(),
        http: text(),
        outbox: text(),
        config: 0,
        r#type: text(),
        logs: text(),
    };
    close((app, Tuple(text(), text()), Server::Http { health: text(), server: text() }));
    close(Server::Off);
    close(Arc::new(Shared { health: Mutex::new(0_u8), server: Mutex::new(text()) }));
}

#[graceful::main]
async fn close(state: impl Shutdown) {
    let service = Embedded::new();
    service.run(state);
    let report = service.stop(Duration::from_secs(10)).await;
    assert!(report.is_clean(), "{}", report);
}
