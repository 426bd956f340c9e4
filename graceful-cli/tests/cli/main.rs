//! The command, as who types it sees it.

mod check;
#[cfg(target_os = "linux")]
mod kit;
mod manifest;
mod output;
mod rehearse;
mod same_stop;
mod services;
