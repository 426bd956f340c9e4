//! The function without `async`, which starts a runtime and hands it the body.

use crate::duration::Parts;
use crate::entry::item::Item;
use crate::entry::options::{DEFAULT_TIMEOUT, Flavor, Options};
use crate::kind::Kind;
use crate::tokens::{Paths, blamed, end, local, mentions, placed};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Signature, Type};

const NOTHING: Parts = Parts {
    seconds: 0,
    nanos: 0,
};

/// The user's own `async fn`, word for word, inside: what rustc says of it is what it says of any `async fn`.
pub(crate) fn main(item: Item, options: &Options, proofs: bool) -> TokenStream {
    let full = Paths::new(options.crate_path.as_ref());
    let private = &full.private;
    let exit_code = quote!(#private::ExitCode);
    // In a block of their own, out of the body's sight.
    let (imports, paths) = full.imported();
    let private = &paths.private;
    let Item {
        attrs,
        vis,
        sig,
        body,
    } = item;
    let (fn_token, ident) = (sig.fn_token, &sig.ident);
    let fits = proofs.then(|| fits(&sig, options, &paths));
    let supported = proofs.then(|| supported(options, &paths));
    let builder = builder(options, Kind::Main, &paths);
    let future = local("future");
    let culprit: &dyn ToTokens = match &sig.output {
        ReturnType::Type(_, ty) => ty,
        ReturnType::Default => ident,
    };
    let kind = blamed(
        culprit,
        quote!((&&&&&#private::Returns::of(&#future)).main_kind),
        TokenStream::new(),
    );
    let block = braced(
        &body,
        quote! {
            // The start of a state need not wait for anything.
            #[allow(clippy::unused_async)]
            #sig #body
            {
                #imports
                use #private::{
                    AnyKind as _, NoPlan as _, ResultKind as _, StateKind as _,
                    TerminationKind as _, TryStateKind as _,
                };
                #fits
                #supported
                let #future = #ident();
                return #private::main(#builder, #kind, #future);
            }
        },
    );
    quote! {
        #(#attrs)*
        #vis #fn_token #ident() -> #exit_code #block
    }
}

/// Any other function. A nested one could not name what surrounds it: `self`, and the parameters of an `impl`.
pub(crate) fn function(item: Item, options: &Options, kind: Kind, proofs: bool) -> TokenStream {
    let full = Paths::new(options.crate_path.as_ref());
    let (imports, paths) = full.imported();
    let private = &paths.private;
    let (inner_attrs, statements) = item.split_body();
    let Item {
        attrs,
        vis,
        mut sig,
        body,
    } = item;
    let async_token = sig.asyncness.take();
    // After the user's own, so that macros among those see that this is a test.
    let test = (kind == Kind::Test).then(|| {
        let private = &full.private;
        quote!(#[#private::core::prelude::v1::test])
    });
    let run = match kind {
        Kind::Main => quote!(#private::run),
        Kind::Test => quote!(#private::test),
    };
    let statements = if never_returns(&sig) {
        let (private, value) = (&full.private, local("output"));
        let statements = braced(&body, statements);
        quote! {
            // That it does not end is what is asked for.
            #[allow(clippy::diverging_sub_expression)]
            let #value: #private::Never = #statements;
            #[allow(unreachable_code)]
            return #value;
        }
    } else {
        let output = output(&sig);
        // With a semicolon, or an empty body would end in what is ours.
        quote!(#output; #statements)
    };
    let block = braced(&body, statements);
    let hands = (proofs && kind == Kind::Main).then(|| hands(&sig, &paths));
    let supported = proofs.then(|| supported(options, &paths));
    let builder = builder(options, kind, &paths);
    let future = local("future");
    let block = braced(
        &body,
        quote! {
            let #future = #async_token move #block;
            {
                #imports
                #supported
                #hands
                return #run(#builder, #future);
            }
        },
    );
    quote! {
        #(#attrs)*
        #(#inner_attrs)*
        #test
        #vis #sig #block
    }
}

/// In the braces of the user's body, by which rustc knows whose function it is.
fn braced(body: &Group, inside: TokenStream) -> Group {
    let mut braced = Group::new(Delimiter::Brace, inside);
    braced.set_span(body.span());
    braced
}

fn never_returns(sig: &Signature) -> bool {
    matches!(&sig.output, ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_)))
}

/// A `return` that is never reached tells the type of an `async` block, which can't be written down.
fn output(sig: &Signature) -> TokenStream {
    let ReturnType::Type(_, ty) = &sig.output else {
        let never = placed(&sig.ident, quote!(return));
        return quote!(if false { #never; });
    };
    if !can_be_named(ty) {
        return TokenStream::new();
    }
    // Out of the body's sight by its block, so it needs no hygiene.
    let value = placed(ty, quote!(__graceful_output));
    let never = placed(ty, quote!(return));
    quote! {
        #[allow(unreachable_code)]
        if false {
            let #value: #ty = loop {};
            #never #value;
        }
    }
}

/// `impl Trait` and `!` may stand nowhere but in a signature.
fn can_be_named(ty: &Type) -> bool {
    match ty {
        Type::Never(_) => false,
        Type::Group(group) => can_be_named(&group.elem),
        _ => !mentions(ty.to_token_stream(), &|ident| ident == "impl"),
    }
}

/// The proof that the plan of what `main` returns is no longer than what `main` gives it.
fn fits(sig: &Signature, options: &Options, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let ty = match &sig.output {
        ReturnType::Type(_, ty) if can_be_named(ty) => ty,
        _ => return TokenStream::new(),
    };
    let (limit, culprit): (_, &dyn ToTokens) = match &options.timeout {
        Some(timeout) => (timeout.parts, &timeout.tokens),
        None => (DEFAULT_TIMEOUT, ty),
    };
    let limit = paths.duration(limit);
    let delay = paths.duration(options.delay.as_ref().map_or(NOTHING, |delay| delay.parts));
    let proof = blamed(
        culprit,
        quote!(#graceful::Plan::assert_fits),
        quote!(#private::MainPlan::<#ty>::PLAN, #limit, #delay),
    );
    quote!(const _: () = #proof;)
}

/// Refuses a state that nobody would close.
fn hands(sig: &Signature, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ty = match &sig.output {
        ReturnType::Type(_, ty) if can_be_named(ty) => ty,
        _ => return TokenStream::new(),
    };
    let kind = local("kind");
    // From the type's first token to its last, which is then blamed. Out of the body's sight, so it needs no hygiene.
    let handed = placed(ty, quote!(__graceful_handed));
    let field = quote_spanned!(end(ty)=> .0);
    quote! {
        let #handed: ([#ty; 0],) = ([],);
        let #kind = {
            use #private::{HandedAnyKind as _, HandedStateKind as _, HandedTryStateKind as _};
            (&&&#private::Handed::of(&#handed.0)).handed_kind()
        };
        #kind.check(#handed #field);
    }
}

/// What tokio has only with a feature, or with `--cfg tokio_unstable`: only the runtime's crate knows whether it is there.
fn supported(options: &Options, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let mut checks = TokenStream::new();
    let mut needs = |key: &Ident, function: &str| {
        let function = Ident::new(function, Span::call_site());
        let check = blamed(key, quote!(#private::#function), TokenStream::new());
        quote!(const _: () = #check;).to_tokens(&mut checks);
    };
    if let Some(paused) = &options.start_paused {
        needs(&paused.key, "needs_test_util");
    }
    if let Some(policy) = &options.unhandled_panic {
        needs(&policy.key, "needs_tokio_unstable");
    }
    checks
}

fn builder(options: &Options, kind: Kind, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let mut builder = match options.flavor(kind) {
        Flavor::MultiThread => quote!(#graceful::Builder::multi_thread()),
        Flavor::CurrentThread => quote!(#graceful::Builder::current_thread()),
        Flavor::Local => quote!(#graceful::Builder::local()),
    };
    if let Some(threads) = &options.worker_threads {
        let threads = threads.value;
        builder.extend(quote!(.worker_threads(#threads)));
    }
    if let Some(name) = &options.name {
        builder.extend(quote!(.name(#name)));
    }
    let durations = [
        ("timeout", &options.timeout),
        ("delay", &options.delay),
        ("blocking_grace", &options.blocking_grace),
    ];
    for (setter, duration) in durations {
        if let Some(duration) = duration {
            let setter = Ident::new(setter, Span::call_site());
            let duration = paths.duration(duration.parts);
            builder.extend(quote!(.#setter(#duration)));
        }
    }
    if let Some(grace) = &options.grace {
        let grace = paths.duration(grace.parts);
        let pre_stop = options.pre_stop.as_ref();
        let pre_stop = paths.duration(pre_stop.map_or(NOTHING, |pre_stop| pre_stop.parts));
        builder.extend(quote!(.grace(#grace, #pre_stop)));
    }
    if let Some(signals) = &options.signals {
        let mut variants = Vec::new();
        for signal in signals {
            variants.push(Ident::new(signal, Span::call_site()));
        }
        builder.extend(quote!(.signals([#(#graceful::Signal::#variants),*])));
    }
    if let Some(when) = options.report {
        let when = Ident::new(when, Span::call_site());
        builder.extend(quote!(.report(#graceful::ReportWhen::#when)));
    }
    if let Some(paused) = &options.start_paused {
        let paused = paused.value;
        builder = quote!(#private::start_paused(#builder, #paused));
    }
    if let Some(policy) = &options.unhandled_panic {
        let policy = Ident::new(policy.value, Span::call_site());
        builder = quote!(#private::unhandled_panic(#builder, #private::UnhandledPanic::#policy));
    }
    builder
}
