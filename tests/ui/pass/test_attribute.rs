//! `use graceful::test` does not recurse, and arguments are forwarded for macros that fill them in.

#![deny(warnings)]
#![allow(dead_code)]

mod imported {
    use graceful::test;

    #[test]
    async fn unit() {}

    #[test]
    #[ignore = "on purpose"]
    #[should_panic(expected = "x")]
    async fn attributes() {
        panic!("x");
    }

    #[test(flavor = "multi_thread")]
    async fn result() -> Result<(), String> {
        Ok(())
    }
}

#[graceful::main]
async fn main() {}
