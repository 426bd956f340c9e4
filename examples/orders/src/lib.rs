//! The service's API, for its clients and for itself.

pub mod customers;

/// What goes over the wire, and the code of client and server.
pub mod api {
    /// What a client wants.
    #[derive(Clone, PartialEq, Eq, prost::Message)]
    pub struct NewOrder {
        /// The article.
        #[prost(string, tag = "1")]
        pub item: String,
    }

    /// An order that was accepted: it is stored, and it will be confirmed, whatever happens to this process.
    #[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
    pub struct Placed {
        /// Its number.
        #[prost(int64, tag = "1")]
        pub id: i64,
    }

    /// How far an order is.
    #[derive(Clone, PartialEq, Eq, prost::Message)]
    pub struct OrderState {
        /// `placed`, `reserved`, `charged` or `confirmed`.
        #[prost(string, tag = "1")]
        pub state: String,
    }

    #[expect(unused_qualifications, clippy::pedantic, reason = "it is generated")]
    mod generated {
        include!(concat!(env!("OUT_DIR"), "/orders.Orders.rs"));
    }
    pub use generated::{orders_client, orders_server};
}
