//! A stop under the limits that small pods have: 128 MiB of memory, and a tenth of a processor.

#![cfg(target_os = "linux")]

use graceful_load::{SmallPod, close_websockets, reconnect_through_a_stop};
use std::time::Duration;

/// One after the other: the machine has few processors, and it is the pod's that are to be scarce.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_cut_and_everybody_is_told_in_a_small_pod() {
    let Some(pod) = SmallPod::with(env!("CARGO_BIN_EXE_graceful")) else {
        println!("skipped: control groups can't be made here");
        return;
    };
    let load = Duration::from_secs(2);
    let tally = reconnect_through_a_stop(&pod.program(), 16, load).await;
    println!("16 clients, a connection for each request: {tally}");
    assert_eq!(tally.cut + tally.lost + tally.failed, 0, "{tally}");
    assert!(tally.answered > 0, "{tally}");

    let sockets = 200;
    let closed = close_websockets(&pod.program(), sockets).await;
    println!("{sockets} WebSockets, closed in {:.1?}", closed.took);
    let (how, times) = closed.how.first_key_value().expect("some were open");
    assert!(how.starts_with("1001 ") && *times == sockets, "{closed:?}");

    let (memory, throttled) = (pod.most_memory(), pod.throttled());
    println!(
        "at most {memory} MiB; it had to wait for its part of the processor {throttled} times"
    );
    assert!(throttled > 0, "there was no limit");
}
