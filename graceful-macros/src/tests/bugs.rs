//! What a macro answers where its own code panics.

use super::errors;
use crate::guard;
use proc_macro2::TokenStream;
use quote::quote;

#[test]
fn a_panic_is_an_error_beside_the_item() {
    let item = quote!(
        async fn main() {
            body
        }
    );
    for panics in [
        (|| panic!("at {}", 1)) as fn() -> TokenStream,
        || panic!("at 1"),
        || std::panic::panic_any(1),
    ] {
        let expansion = guard::expand(&item, panics);
        assert_eq!(errors(&expansion), 1, "{expansion}");
        let expansion = expansion.to_string();
        let says = expansion.contains("(at 1)") || expansion.contains("(no message)");
        assert!(
            says && expansion.ends_with(&item.to_string()),
            "{expansion}"
        );
    }
    let silent = guard::expand(&item, TokenStream::new);
    assert!(silent.is_empty());
}
