//! The entry point is C's, and calls what the attribute made.

#![no_main]
#![deny(warnings)]

#[graceful::main(flavor = "current_thread")]
async fn answer() -> u8 {
    42
}

mod service {
    #[graceful::main(flavor = "current_thread")]
    pub async fn main() -> Result<(), String> {
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn main(_arguments: i32, _values: *const *const u8) -> i32 {
    assert_eq!(answer(), 42);
    assert_eq!(service::main(), Ok(()));
    0
}
