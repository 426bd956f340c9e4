//! Fragments come in groups without a delimiter.

#![deny(warnings)]

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Db;

macro_rules! state {
    ($vis:vis $name:ident, $field:ident: $ty:ty, $order:literal, $timeout:expr, $mark:meta, $with:expr) => {
        #[derive(Shutdown)]
        #[shutdown(timeout = $timeout)]
        $vis struct $name {
            #[shutdown(order = $order, timeout = $timeout)]
            $field: $ty,
            #[$mark]
            marked: $ty,
            #[shutdown(with = $with)]
            by_closure: $ty,
            unmarked: Option<Vec<u8>>,
        }
    };
}

state!(pub(crate) App, db: Option<Db>, 1, "9s", shutdown(order = 3, drop), |_db, _cx| async {});

macro_rules! shared {
    ($name:ident, $field:ident: $ty:ty, $method:ident, $with:expr) => {
        #[derive(Shutdown)]
        #[shutdown(shared)]
        struct $name {
            #[shutdown]
            $field: $ty,
            #[shutdown(method = $method)]
            by_method: Vec<u8>,
            #[shutdown(with = $with)]
            by_closure: Vec<u8>,
            #[shutdown(drop)]
            dropped: std::sync::Mutex<Option<$ty>>,
            unmarked: Option<$crate::Unmarked>,
        }
    };
}

shared!(Shared, db: std::sync::Mutex<Option<Db>>, is_empty, |_db, _cx| async {});

struct Unmarked;

macro_rules! options {
    ($body:block, $ret:ty, $name:ident, $workers:literal, $timeout:expr) => {
        #[graceful::main(flavor = "multi_thread", worker_threads = $workers, timeout = $timeout)]
        async fn $name() -> $ret $body
    };
}

macro_rules! method {
    ($self:ident, $body:block) => {
        #[graceful::main(flavor = "current_thread")]
        async fn get(&$self) -> u8 $body
    };
}

struct Get(u8);

impl Get {
    method!(self, { self.0 });
}

options!(
    {
        graceful::manage(App { db: None, marked: None, by_closure: None, unmarked: None });
        Ok(())
    },
    Result<(), std::io::Error>,
    main,
    1,
    "20s"
);

#[allow(dead_code)]
fn unused() -> u8 {
    drop(Shared {
        db: std::sync::Mutex::new(None),
        by_method: Vec::new(),
        by_closure: Vec::new(),
        dropped: std::sync::Mutex::new(None),
        unmarked: Some(Unmarked),
    });
    Get(1).get()
}
