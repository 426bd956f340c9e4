//! The same messages and stops through a loop as it is often written by hand: what it loses is told, and is no failure.

use crate::stops::{Way, over_each_way};

fn tells(way: &Way) {
    way.goes("by-hand", |_any_end| {});
}

over_each_way!(tells);
