//! A report as a picture: a page for a browser, and a Mermaid diagram for a wiki or an incident's issue.
//!
//! ```no_run
//! #[graceful::main]
//! async fn main() {
//!     graceful::on_report(|report| {
//!         let page = graceful::timeline::html(report);
//!         if let Err(error) = std::fs::write("/var/log/orders/last-stop.html", page) {
//!             eprintln!("{error}");
//!         }
//!     });
//! }
//! ```

mod bars;
mod escaped;
mod html;
mod mermaid;
mod svg;

pub use html::html;
pub use mermaid::mermaid;
