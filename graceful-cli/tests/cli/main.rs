//! The command, as who types it sees it.

mod check;
mod manifest;
mod rehearse;
mod same_stop;
