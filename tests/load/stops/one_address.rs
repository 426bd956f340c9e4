//! A client that sits on one address loses no call which it keeps with a plain server.

use graceful_load::{Protocol, Seen, restart_one_address};
use std::time::Duration;

const DELAY: Duration = Duration::from_secs(1);

const GRPC: [&str; 2] = [
    env!("CARGO_BIN_EXE_plain-grpc"),
    env!("CARGO_BIN_EXE_graceful-grpc"),
];

const HTTP: [&str; 2] = [env!("CARGO_BIN_EXE_plain"), env!("CARGO_BIN_EXE_graceful")];

async fn restart(
    [plain, graceful]: [&str; 2],
    protocol: Protocol,
    delay: Duration,
    restarts: usize,
) -> [Seen; 2] {
    let mut both = Vec::new();
    for (name, program) in [("plain", plain), ("graceful", graceful)] {
        let seen = restart_one_address(program, protocol, delay, restarts, true).await;
        println!("{protocol:?}, delay {delay:?}, {restarts} restarts, {name}: {seen}");
        both.push(seen);
    }
    both.try_into().expect("two")
}

async fn all(restarts: usize) {
    for (programs, protocol) in [
        (GRPC, Protocol::Grpc),
        (HTTP, Protocol::Http2),
        (HTTP, Protocol::Http1),
    ] {
        for delay in [Duration::ZERO, DELAY] {
            let [_, mut graceful] = restart(programs, protocol, delay, restarts).await;
            let was_told_to_go = graceful
                .during_the_delay
                .keys()
                .all(|how| *how == "OK" || how.ends_with("never sent"));
            if graceful.failed_during_the_delay() > 0 && was_told_to_go {
                // A client that the machine holds up for longer than the idle grace is: rarely, and not twice.
                [_, graceful] = restart(programs, protocol, delay, restarts).await;
            }
            assert_eq!(
                graceful.failed_during_the_delay(),
                0,
                "{protocol:?}: {graceful}"
            );
            assert_eq!(graceful.lost, 0, "{protocol:?}: {graceful}");
            if protocol == Protocol::Grpc {
                assert_eq!(graceful.not_to_be_retried(), 0, "{graceful}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_lost_while_the_delay_passes() {
    all(1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes"]
async fn no_call_is_lost_while_the_delay_passes_at_length() {
    all(50).await;
}
