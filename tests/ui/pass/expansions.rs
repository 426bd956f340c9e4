//! What the macros expand to, as their own tests have it on file, compiles as it stands there.

// In a macro's output an import that is not needed is no lint.
#![allow(dead_code, unused_imports)]

use graceful::{Context, Shutdown};
use std::sync::Mutex;

#[derive(Clone, Shutdown)]
#[shutdown(nothing)]
struct Http;

#[derive(Clone, Shutdown)]
#[shutdown(nothing)]
struct Pool;

impl Pool {
    fn abort(&self) {}
}

struct Spans;

impl Spans {
    fn flush(&self) {}
}

struct Socket;

impl Socket {
    async fn say(&mut self, _code: u16, _reason: &str) {}
}

struct Registry;

impl Registry {
    async fn leave(&self) {}
    async fn close(&self) {}
}

struct Peers;

async fn tell(_peers: &Peers) {}

#[derive(Clone)]
struct Grpc;

impl Grpc {
    async fn drain(&self) {}
    fn stop(&self) {}
}

struct Nats;

impl Nats {
    async fn drain(&mut self) {}
    fn flush(&self) {}
}

#[derive(Clone)]
struct Db;

impl Db {
    async fn close(&self) {}
}

#[derive(Default)]
struct Guard;

async fn close(_db: Db, _cx: Context) {}

async fn serve() {}

macro_rules! expected {
    ($($name:ident: $path:literal;)*) => {$(
        mod $name {
            use super::*;

            include!(concat!("../../../graceful-macros/src/tests/expected/", $path));
        }
    )*};
}

expected! {
    after: "after.rs";
    function: "function.rs";
    generic: "generic.rs";
    main_alone: "main.rs";
    main_opaque: "main_opaque.rs";
    main_state: "main_state.rs";
    method: "method.rs";
    moments: "moments.rs";
    shared: "shared.rs";
    shared_generic: "shared_generic.rs";
    test: "test.rs";
    tuple: "tuple.rs";
    unit: "unit.rs";
    variants: "variants.rs";
    ways_to_close: "ways_to_close.rs";
}

fn main() {
    assert_eq!(function::run(&1).unwrap(), "1");
}
