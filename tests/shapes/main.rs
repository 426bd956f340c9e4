//! Every way in which programs write what the attribute stands on, each run, signalled and asked for its exit
//! code and its closes.

#![cfg(unix)]

mod functions;
mod mains;
