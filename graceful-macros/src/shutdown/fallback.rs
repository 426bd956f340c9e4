//! What stands beside the errors, so that code which uses the impl adds none of its own.

use crate::shutdown::bounds;
use crate::tokens::{Paths, local};
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn expand(item: &DeriveInput, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let ident = &item.ident;
    let (impl_generics, ty_generics, _) = item.generics.split_for_impl();
    let written = bounds::written(&item.generics);
    let (cx, future) = (local("cx"), paths.future());
    let implement = |name: TokenStream, method: TokenStream, receiver: TokenStream| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #graceful::#name for #ident #ty_generics
            where
                #written
                Self: #private::Send + 'static,
            {
                fn #method(#receiver, #cx: #graceful::Context,) -> #future {
                    #private::core::future::pending()
                }
            }
        }
    };
    let own = implement(quote!(Shutdown), quote!(shutdown), quote!(self));
    let shared = implement(
        quote!(SharedShutdown),
        quote!(shutdown_shared),
        quote!(self: #private::Arc<Self>),
    );
    quote!(#own #shared)
}
