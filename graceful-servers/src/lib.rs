//! Servers for [`graceful-app`](https://docs.rs/graceful-app) that drain without losing a request. Programs depend on
//! `graceful-app`, which re-exports everything here: `graceful::http`, `graceful::ws`, `graceful::grpc` and
//! `graceful::health`, each behind the feature of that name.
//!
//! They use the public API of [`graceful_runtime`] alone ([`Drain`](graceful_runtime::Drain),
//! [`Handle::reached`](graceful_runtime::Handle::reached)), so a server for another protocol or framework can be
//! written beside them.

#![cfg_attr(docsrs, feature(doc_cfg))]
// They panic where the reader is gone.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

#[cfg(feature = "grpc")]
#[cfg_attr(docsrs, doc(cfg(feature = "grpc")))]
pub mod grpc;
#[cfg(feature = "health")]
#[cfg_attr(docsrs, doc(cfg(feature = "health")))]
pub mod health;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
pub mod http;
#[cfg(feature = "ws")]
#[cfg_attr(docsrs, doc(cfg(feature = "ws")))]
pub mod ws;
