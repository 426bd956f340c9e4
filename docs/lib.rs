//! The guide: every block of it is a program, compiled as a test, and run where it ends by itself.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod pages;

#[cfg(doctest)]
mod blocks {
    /// Their pages are re-exported by the facade, and are no part of the guide. No warning comes from what they write.
    #[doc(test(attr(allow(dead_code), deny(warnings))))]
    mod macros {
        #[doc = include_str!("../graceful-macros/docs/main.md")]
        mod main {}
        #[doc = include_str!("../graceful-macros/docs/test.md")]
        mod test {}
        #[doc = include_str!("../graceful-macros/docs/shutdown.md")]
        mod shutdown {}
    }
    #[doc = include_str!("cli.md")]
    mod cli {}
    #[doc = include_str!("grpc.md")]
    mod grpc {}
    #[doc = include_str!("health.md")]
    mod health {}
    #[doc = include_str!("http.md")]
    mod http {}
    #[doc = include_str!("websockets.md")]
    mod websockets {}
    #[doc = include_str!("operations/report.md")]
    mod report {}
    #[doc = include_str!("operations/metrics.md")]
    mod metrics {}
    #[cfg(target_os = "linux")]
    #[doc = include_str!("operations/systemd.md")]
    mod systemd {}
    #[doc = include_str!("migration.md")]
    mod by_hand {}
    #[doc = include_str!("migration/servers.md")]
    mod servers {}
    #[doc = include_str!("migration/quic.md")]
    mod quic {}
    #[doc = include_str!("migration/any-server.md")]
    mod any_server {}
    #[doc = include_str!("migration/crates.md")]
    mod crates {}
    #[doc = include_str!("migration/shapes.md")]
    mod shapes {}
    #[doc = include_str!("migration/parts.md")]
    mod parts {}
    #[doc = include_str!("orders.md")]
    mod orders {}
    #[doc = include_str!("moments.md")]
    mod moments {}
    #[doc = include_str!("blocking.md")]
    mod blocking {}
    #[doc = include_str!("batch.md")]
    mod batch {}
    #[doc = include_str!("start-up.md")]
    mod start_up {}
    #[doc = include_str!("libraries.md")]
    mod libraries {}
    #[doc = include_str!("consumers.md")]
    mod consumers {}
    #[doc = include_str!("adapters.md")]
    mod adapters {}
    #[doc = include_str!("testing.md")]
    mod testing {}
}
