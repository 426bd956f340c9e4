//! The service's code, from a description in Rust: no `protoc` is needed to build the example.

use tonic_build::manual::{Builder, Method, Service};

fn main() {
    let method = |name: &str, route: &str, input: &str, output: &str| {
        Method::builder()
            .name(name)
            .route_name(route)
            .input_type(format!("crate::api::{input}"))
            .output_type(format!("crate::api::{output}"))
            .codec_path("tonic_prost::ProstCodec")
            .build()
    };
    let service = Service::builder()
        .name("Orders")
        .package("orders")
        .method(method("place", "Place", "NewOrder", "Placed"))
        .method(method("state", "State", "Placed", "OrderState"))
        .build();
    Builder::new().compile(&[service]);
}
