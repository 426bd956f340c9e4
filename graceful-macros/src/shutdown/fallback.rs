//! What stands beside the errors, so that code which uses the impl adds none of its own.

use crate::tokens::{Paths, local};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::DeriveInput;

pub(crate) fn expand(item: &DeriveInput, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let ident = &item.ident;
    let (impl_generics, ty_generics, where_clause) = item.generics.split_for_impl();
    let mut written = TokenStream::new();
    if let Some(clause) = where_clause {
        for predicate in &clause.predicates {
            quote!(#predicate,).to_tokens(&mut written);
        }
    }
    let cx = local("cx");
    quote! {
        #[automatically_derived]
        impl #impl_generics #graceful::Shutdown for #ident #ty_generics
        where
            #written
            Self: #private::Send + 'static,
        {
            fn shutdown(
                self,
                #cx: #graceful::Context,
            ) -> impl #private::Future<Output = #graceful::Result> + #private::Send {
                #private::core::future::pending()
            }
        }

        #[automatically_derived]
        impl #impl_generics #graceful::SharedShutdown for #ident #ty_generics
        where
            #written
            Self: #private::Send + 'static,
        {
            fn shutdown_shared(
                self: #private::Arc<Self>,
                #cx: #graceful::Context,
            ) -> impl #private::Future<Output = #graceful::Result> + #private::Send {
                #private::core::future::pending()
            }
        }
    }
}
