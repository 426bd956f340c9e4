//! Each mistake in one compilation.

#[graceful::main(flavour = "local")]
async unsafe fn main<T>(_argument: T) {}

// errors: 4
