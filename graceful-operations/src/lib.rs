//! What the person on call needs of [`graceful-app`](https://docs.rs/graceful-app). Programs depend on `graceful-app`,
//! which re-exports everything here: `graceful::metrics`, `graceful::systemd`, `graceful::timeline` and
//! `graceful::platform`, each behind the feature of that name.
//!
//! They use the public API of [`graceful_runtime`] alone: [`Handle::on_report`](graceful_runtime::Handle::on_report),
//! [`Handle::report_so_far`](graceful_runtime::Handle::report_so_far) and
//! [`Handle::reached`](graceful_runtime::Handle::reached). So another exporter can be written beside them.

#![cfg_attr(docsrs, feature(doc_cfg))]
// They panic where the reader is gone.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub mod metrics;
#[cfg(feature = "platform")]
#[cfg_attr(docsrs, doc(cfg(feature = "platform")))]
pub mod platform;
#[cfg(all(feature = "systemd", target_os = "linux"))]
#[cfg_attr(docsrs, doc(cfg(all(feature = "systemd", target_os = "linux"))))]
pub mod systemd;
#[cfg(feature = "timeline")]
#[cfg_attr(docsrs, doc(cfg(feature = "timeline")))]
pub mod timeline;
