//! Prints the public API of a package, a line for each item, from the JSON that rustdoc has written of it. What every type has, and what
//! is derived, is left out.

use std::env::args_os;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = args_os().nth(1).ok_or("usage: print-api JSON")?;
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    for item in api.items() {
        println!("{item}");
    }
    Ok(())
}
