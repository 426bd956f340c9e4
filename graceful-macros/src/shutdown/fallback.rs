//! What stands beside the errors, so that code which uses the impl adds none of its own.

use crate::shutdown::bounds;
use crate::tokens::{Facade, future, local};
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn expand(item: &DeriveInput, facade: &Facade) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, _, _) = item.generics.split_for_impl();
    let ty_generics = bounds::arguments(&item.generics);
    let written = bounds::written(&item.generics);
    let (imports, cx, future) = (facade.imports(), local("cx"), future());
    let implement = |name: TokenStream, method: TokenStream, receiver: TokenStream| {
        quote! {
            #[automatically_derived]
            impl #impl_generics __graceful::#name for #ident #ty_generics
            where
                #written
                Self: __graceful::Send + 'static,
            {
                fn #method(#receiver, #cx: __graceful::Context,) -> #future {
                    __graceful::core::future::pending()
                }
            }
        }
    };
    let own = implement(quote!(Shutdown), quote!(shutdown), quote!(self));
    let shared = implement(
        quote!(SharedShutdown),
        quote!(shutdown_shared),
        quote!(self: __graceful::Arc<Self>),
    );
    quote! {
        const _: () = {
            #imports
            #own
            #shared
        };
    }
}
