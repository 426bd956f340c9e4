//! Ports that servers are told to take, when they are up.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below those that the kernel gives to who asks for any: before its server has come up, and between two runs of it, one of those is another
/// test's, a client's, or that of a socket which the kernel has connected to itself.
const PORTS: std::ops::Range<u32> = 10_000..32_000;

/// A port that nobody has, and no other call of this program is given.
pub(crate) fn free_port() -> u16 {
    static CALLS: AtomicU32 = AtomicU32::new(0);

    let count = PORTS.end - PORTS.start;
    // Other runs begin elsewhere.
    let begin = std::process::id().wrapping_mul(97) % count;
    loop {
        // Relaxed: it counts, and publishes nothing.
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        assert!(call < count, "no port is left");
        let port = u16::try_from(PORTS.start + (begin + call) % count).expect("it is a port");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
