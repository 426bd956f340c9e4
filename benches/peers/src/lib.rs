//! Shared by the programs that are measured and by the one that measures them.

pub mod at_end;
pub mod child;
pub mod marks;
pub mod pages;
pub mod service;
pub mod signals;
pub mod statistics;
pub mod turn;
