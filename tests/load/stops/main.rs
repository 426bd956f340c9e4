//! What clients and balancers see of stops in the middle of real load: one program, since most of these wait.
#![cfg(unix)]

mod beside;
mod grpc;
mod grpc_bodies;
mod grpc_drain;
mod grpc_unix;
mod hostile;
mod limits;
mod one_address;
mod readiness;
mod reconnecting;
mod rolling;
mod small_pod;
mod websockets;
