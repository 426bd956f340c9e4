//! HTTP servers that drain without losing a request: [`Server`] is a field of the state.
//!
//! Thin over hyper, hyper-util and tower: HTTP/1.1 and HTTP/2, upgrades, TCP and Unix sockets, and TLS with
//! the feature `http-tls`. [`Stopping`] tells handlers of the stop, and ends their streams.

mod accept;
mod body;
mod builder;
mod connection;
mod connections;
mod current;
mod cut_requests;
mod drive;
mod frames;
mod handed_in;
mod handler;
mod hang_up;
mod heads;
mod in_flight;
mod io;
pub mod layer;
mod listener;
mod registry;
mod request;
mod serve;
mod server;
mod service;
mod shared;
mod stage;
mod stopping;
mod timer;
#[cfg(feature = "http-tls")]
mod tls;
#[cfg(feature = "http-tls")]
mod tls_info;
#[cfg(feature = "http-tls")]
mod tls_of_request;
mod transport;
#[cfg(unix)]
mod unix_file;
mod unread;
mod until;
mod watched;

pub use builder::Builder;
pub use handed_in::IntoListener;
pub use handler::TowerService;
pub use server::Server;
pub use stopping::Stopping;
#[cfg(feature = "http-tls")]
#[cfg_attr(docsrs, doc(cfg(feature = "http-tls")))]
pub use tls::Tls;
#[cfg(feature = "http-tls")]
#[cfg_attr(docsrs, doc(cfg(feature = "http-tls")))]
pub use tls_info::TlsInfo;
pub use until::Until;
