//! How the close of a server ends its clients, one kind after the other: real sockets, raw bytes. What
//! can finish finishes, all else ends at the limit, and the report names it.

mod after_the_limit;
mod connect_info;
mod draining;
mod half_requests;
mod hang_up;
mod harness;
mod head_timeout;
mod http1;
mod http2;
mod hyper_service;
mod own_server;
mod probes;
mod queue;
mod stopping;
mod tls;
mod tracked;
mod unix;
mod upgrades;
mod websocket;
mod websocket_limits;
