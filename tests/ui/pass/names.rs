//! Fields and types called like keywords, like locals of an expansion, or in other scripts.

#![deny(warnings)]
#![allow(non_camel_case_types)]

use graceful::Shutdown;

#[derive(Shutdown)]
struct r#Struct {
    #[shutdown(drop)]
    r#type: String,
    #[shutdown(drop)]
    r#async: String,
    #[shutdown(drop)]
    r#gen: String,
}

#[derive(Shutdown)]
struct LikeLocals {
    #[shutdown(drop)]
    self_: String,
    #[shutdown(drop)]
    cx: String,
    #[shutdown(drop)]
    steps: String,
    #[shutdown(drop)]
    field: String,
    #[shutdown(drop)]
    returned: String,
    #[shutdown(drop)]
    kind: String,
    #[shutdown(drop)]
    plan: String,
    #[shutdown(drop)]
    order: String,
    #[shutdown(drop)]
    timeout: String,
    shutdown: String,
    tokio: String,
    graceful: String,
    std: String,
    core: String,
    #[shutdown(drop)]
    graceful_parts: String,
    #[shutdown(method = len)]
    graceful_watch: Option<String>,
    #[shutdown(with = |name, _| async move { drop(name) })]
    graceful_closed: String,
    graceful_whole: String,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct LikeThoseOfShared {
    #[shutdown(method = len)]
    this: String,
    #[shutdown(method = len)]
    r#type: String,
    // `Arc` has fields of these names.
    #[shutdown(with = |_, _| {})]
    ptr: String,
    #[shutdown(with = |_, _| {})]
    alloc: String,
    shared: String,
}

#[derive(Shutdown)]
struct Größe {
    #[shutdown(drop)]
    größe: String,
    #[shutdown(drop)]
    データ: String,
}

#[derive(Shutdown)]
enum r#enum {
    r#Self_ {
        #[shutdown(drop)]
        r#match: String,
    },
    Other,
}

fn names<S: Shutdown>(plan: graceful::Plan, _: Option<S>) -> Vec<&'static str> {
    plan.steps().iter().map(graceful::Step::name).collect()
}

fn main() {
    let text = String::new;
    let state = r#Struct { r#type: text(), r#async: text(), r#gen: text() };
    assert_eq!(names(r#Struct::PLAN, Some(state)), ["type", "async", "gen"]);
    assert_eq!(r#Struct::PLAN.name(), "Struct");
    assert_eq!(names(LikeLocals::PLAN, None::<LikeLocals>).len(), 12);
    assert_eq!(names(Größe::PLAN, None::<Größe>), ["größe", "データ"]);
    assert_eq!(r#enum::PLAN.variant(0).name(), "enum::Self_");
    drop((r#enum::Self_ { r#match: text() }, r#enum::Other));
}
