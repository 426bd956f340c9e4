//! What stands beside the errors where the function can't be run: its body is still checked, and `main` still exists.

use crate::entry::ast::Function;
use crate::kind::Kind;
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) fn expand(function: Function, is_main: bool, kind: Kind) -> TokenStream {
    let Function {
        attrs,
        vis,
        mut sig,
        body,
    } = function;
    if !is_main {
        // Not `async`, so a test already.
        let test = (kind == Kind::Test).then(|| quote!(#[::std::prelude::v1::test]));
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
