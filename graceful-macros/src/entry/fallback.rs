//! What stands beside the errors where the function can't be run: its body is still checked, and `main` still exists.

use crate::entry::item::Item;
use crate::kind::Kind;
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) fn expand(item: Item, kind: Kind) -> TokenStream {
    let is_main = item.is_main(kind);
    let Item {
        attrs,
        vis,
        mut sig,
        body,
    } = item;
    if !is_main {
        // Not `async`, so a test already.
        let test = (kind == Kind::Test).then(|| quote!(#[::core::prelude::v1::test]));
        return quote!(#(#attrs)* #test #vis #sig #body);
    }
    // rustc would refuse what has been refused already.
    sig.variadic = None;
    let (fn_token, ident) = (sig.fn_token, &sig.ident);
    quote! {
        #(#attrs)*
        #vis #fn_token #ident() {
            #[allow(dead_code)]
            #sig #body
        }
    }
}
