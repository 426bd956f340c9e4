//! Nothing of the prelude is needed by its bare name.

#![deny(warnings)]
#![allow(dead_code, unused_macros)]

mod shadows {
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Box;
    pub struct Vec;
    pub struct String;
    pub struct Default;
    pub struct Pin;
    pub struct Duration;
    pub struct Builder;
    pub struct Plan;
    pub struct Step;
    pub struct Steps;
    pub struct Context;
    pub trait Future {}
    pub trait Send {}
    pub trait Fn {}
    pub trait Copy {}
    pub trait Sized {}
    pub trait Into {}
}

macro_rules! forbidden {
    ($($name:ident)*) => {$(
        macro_rules! $name {
            ($d:tt) => { compile_error!("expanded") };
        }
    )*};
}

forbidden!(vec format write panic matches select pin assert unreachable);

#[allow(unused_imports)]
use shadows::*;

#[derive(graceful::Shutdown)]
#[shutdown(nothing)]
struct Leaf;

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "5s")]
struct App<T> {
    #[shutdown(timeout = "1s")]
    leaf: Leaf,
    #[shutdown(drop)]
    t: T,
    #[shutdown(with = |_, _| async {})]
    other: u8,
}

#[derive(graceful::Shutdown)]
#[shutdown(shared)]
struct Shared<T> {
    #[shutdown]
    leaf: std::sync::Mutex<std::vec::Vec<Leaf>>,
    #[shutdown]
    t: T,
    #[shutdown(with = |_, _| async {})]
    other: u8,
    #[shutdown(drop)]
    dropped: std::sync::Mutex<u8>,
    // Called as the prelude's, and another.
    #[shutdown(method = close)]
    option: Option,
    kept: u8,
}

impl Option {
    fn close(&self) {}
}

struct Value;

impl Value {
    #[graceful::main(flavor = "current_thread")]
    async fn get(&self) -> u8 {
        1
    }
}

#[graceful::main(delay = "1s", report = "unclean", signals())]
async fn main() -> () {}
