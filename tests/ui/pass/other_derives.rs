//! Derives with helper attributes of their own, before and behind ours.

#![deny(warnings)]

use graceful::Shutdown;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Shutdown, Serialize, Deserialize)]
#[shutdown(timeout = "5s")]
#[serde(rename_all = "kebab-case", default)]
struct Before {
    #[serde(skip)]
    #[shutdown(drop, timeout = "1s")]
    log: Vec<u8>,
    #[shutdown(drop, name = "replica")]
    #[serde(rename = "copy")]
    db_url: String,
    #[serde(rename = "simple")]
    plain: Option<u8>,
}

#[derive(Serialize, Deserialize, Shutdown)]
#[serde(tag = "kind")]
enum Behind<T: Send> {
    #[serde(alias = "none")]
    Unit,
    Named {
        #[serde(rename = "piece")]
        #[shutdown(drop)]
        part: T,
        #[serde(flatten)]
        #[shutdown]
        inner: Option<Before>,
    },
}

fn main() {
    let names = |plan: graceful::Plan| plan.steps().iter().map(|step| step.name()).collect::<Vec<_>>();
    assert_eq!(names(Before::PLAN), ["log", "replica"]);
    assert_eq!(names(Behind::<String>::PLAN.variant(1)), ["part", "inner"]);
    drop((Behind::<u8>::Unit, Behind::Named { part: 1, inner: Some(Before::default()) }));
}
