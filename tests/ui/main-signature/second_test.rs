//! Like the list in tokio's own tests.

#[graceful::test]
#[test]
async fn plain() {}

#[graceful::test]
#[core::prelude::v1::test]
async fn core_v1() {}

#[graceful::test]
#[::core::prelude::rust_2021::test]
async fn core_2021() {}

#[graceful::test]
#[std::prelude::v1::test]
async fn std_v1() {}

#[graceful::test]
#[::std::prelude::rust_2024::test]
async fn std_2024() {}

#[graceful::test]
#[tokio::test]
async fn tokio_below() {}

#[tokio::test]
#[graceful::test]
async fn tokio_above() {}

#[graceful::test]
#[graceful::test(flavor = "multi_thread")]
async fn twice() {}

fn main() {}

// errors: 8
