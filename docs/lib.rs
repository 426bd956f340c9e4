//! The guide: every block of it is a program, compiled as a test, and run where it ends by itself.

#[cfg(doctest)]
mod blocks {
    #[doc = include_str!("grpc.md")]
    mod grpc {}
    #[doc = include_str!("health.md")]
    mod health {}
    #[doc = include_str!("http.md")]
    mod http {}
    #[doc = include_str!("websockets.md")]
    mod websockets {}
    #[doc = include_str!("migration.md")]
    mod by_hand {}
    #[doc = include_str!("migration/servers.md")]
    mod servers {}
    #[doc = include_str!("migration/crates.md")]
    mod crates {}
    #[doc = include_str!("migration/shapes.md")]
    mod shapes {}
    #[doc = include_str!("testing.md")]
    mod testing {}
}
