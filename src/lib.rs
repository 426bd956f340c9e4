#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "macros")]
pub use graceful_macros::Shutdown;
#[cfg(all(feature = "macros", feature = "rt-multi-thread"))]
pub use graceful_macros::{main, test};
#[cfg(all(feature = "macros", not(feature = "rt-multi-thread")))]
pub use graceful_macros::{main_rt as main, test_rt as test};

#[doc(inline)]
pub use graceful_runtime::*;

#[cfg(feature = "grpc")]
#[cfg_attr(docsrs, doc(cfg(feature = "grpc")))]
#[doc(inline)]
pub use graceful_servers::grpc;
#[cfg(feature = "health")]
#[cfg_attr(docsrs, doc(cfg(feature = "health")))]
#[doc(inline)]
pub use graceful_servers::health;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
#[doc(inline)]
pub use graceful_servers::http;
#[cfg(feature = "ws")]
#[cfg_attr(docsrs, doc(cfg(feature = "ws")))]
#[doc(inline)]
pub use graceful_servers::ws;

#[doc(hidden)]
pub use graceful_runtime::private as macros_of_graceful;
