//! The order service of `examples/`, as its users meet it: real sockets, a real database, a real signal.

mod client;
mod matrix;
mod process;
mod under_load;
mod work_in_flight;
