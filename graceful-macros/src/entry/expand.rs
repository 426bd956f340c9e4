//! The function without `async`, which starts a runtime and hands it the body.

use crate::entry::ast::Function;
use crate::entry::options::{Flavor, Options};
use crate::entry::resolve::{DEFAULT_TIMEOUT, flavor, is_never};
use crate::keys::Written;
use crate::kind::Kind;
use crate::limit::Limit;
use crate::tokens::{Facade, blamed, duration, end, local, mentions, path_name, placed};
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::time::Duration;
use syn::{Attribute, ReturnType, Signature, Type};

/// What an expansion is made from, beside the function.
pub(crate) struct Entry<'a> {
    pub(crate) options: &'a Options,
    pub(crate) kind: Kind,
    /// Whether no mistake was found: rustc would only add to those that were.
    pub(crate) is_right: bool,
}

/// A call for each of these options that was given, by its own name.
macro_rules! setters {
    ($options:ident: $($name:ident)*) => {
        [$($options.$name.as_ref().map(|given| quote!(.$name(#given)))),*]
    };
}

impl Entry<'_> {
    /// The user's own `async fn`, word for word, inside: what rustc says of it is what it says of any `async fn`.
    pub(crate) fn main(&self, function: Function, as_written: bool) -> TokenStream {
        let imports = self.facade().imports();
        let (vis, sig, body) = (function.vis, function.sig, function.body);
        let (fn_token, ident) = (sig.fn_token, &sig.ident);
        // Those of other macros see a function of the type that they are written on.
        let attrs = function.attrs.into_iter();
        let (outside, inside): (Vec<_>, Vec<_>) =
            attrs.partition(|attr| as_written || is_of_rustc(attr));
        let future = local("future");
        let (run, kind, output, place) = if as_written {
            let place = quote!((
                __graceful::core::module_path!(),
                __graceful::core::cfg!(test)
            ),);
            let output = sig.output.to_token_stream();
            (
                quote!(main_as_written),
                quote!(kept_kind),
                output,
                Some(place),
            )
        } else {
            let output = quote!(-> ::std::process::ExitCode);
            (quote!(main), quote!(main_kind), output, None)
        };
        let kind = quote!((&&&&&__graceful::Returns::of(&#future)).#kind);
        let kind = match &sig.output {
            ReturnType::Type(_, ty) => blamed(ty, kind, TokenStream::new()),
            ReturnType::Default => blamed(ident, kind, TokenStream::new()),
        };
        let proofs = self.proofs(|| if as_written { None } else { self.fits(&sig) });
        let builder = self.builder();
        let unreachable = never_returns(&sig).then(|| quote!(#[allow(unreachable_code)]));
        let block = braced(
            &body,
            quote! {
                // The start of a state need not wait for anything.
                #[allow(clippy::unused_async)]
                #(#inside)*
                #sig #body
                {
                    #imports
                    #proofs
                    let #future = #ident();
                    #unreachable
                    return __graceful::#run(#builder, #kind, #place #future);
                }
            },
        );
        quote! {
            #(#outside)*
            #vis #fn_token #ident() #output #block
        }
    }

    /// Any other function. A nested one could not name what surrounds it: `self`, and the parameters of an `impl`.
    pub(crate) fn function(&self, function: Function) -> TokenStream {
        let facade = self.facade();
        let (module, imports) = (facade.module(), facade.imports());
        let (inner_attrs, statements) = function.split_body();
        let (attrs, vis, body) = (function.attrs, function.vis, function.body);
        let mut sig = function.sig;
        let async_token = sig.asyncness.take();
        let (test, run) = match self.kind {
            Kind::Main => (None, quote!(run)),
            // After the user's own, so that macros among those see that this is a test.
            Kind::Test => (Some(quote!(#[::std::prelude::v1::test])), quote!(test)),
        };
        let statements = if never_returns(&sig) {
            let value = local("output");
            let statements = braced(&body, statements);
            quote! {
                // That it does not end is what is asked for.
                #[allow(clippy::diverging_sub_expression)]
                let #value: #module::Never = #statements;
                #[allow(unreachable_code)]
                return #value;
            }
        } else {
            let output = output(&sig);
            // With a semicolon, or an empty body would end in what is ours.
            quote!(#output; #statements)
        };
        let statements = braced(&body, statements);
        let proofs = self.proofs(|| match self.kind {
            Kind::Main => hands(&sig),
            Kind::Test => None,
        });
        let (builder, future) = (self.builder(), local("future"));
        let block = braced(
            &body,
            quote! {
                let #future = #async_token move #statements;
                {
                    #imports
                    #proofs
                    return __graceful::#run(#builder, #future);
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

    fn facade(&self) -> Facade {
        Facade::new(self.options.path.as_ref().map(|path| &path.value))
    }

    /// What rustc has to prove: of the options, and what else `own` gives.
    fn proofs(&self, own: impl FnOnce() -> Option<TokenStream>) -> Option<TokenStream> {
        let proofs = || [Some(self.supported()), self.constants(), own()];
        self.is_right
            .then(|| proofs().into_iter().flatten().collect())
    }

    /// That the plan of what `main` returns is no longer than what `main` gives it.
    fn fits(&self, sig: &Signature) -> Option<TokenStream> {
        let ty = nameable(&sig.output)?;
        let limit = duration_or(self.options.timeout.as_ref(), DEFAULT_TIMEOUT);
        let delay = duration_or(self.options.delay.as_ref(), Duration::ZERO);
        let culprit = match &self.options.timeout {
            Some(timeout) => timeout.tokens.clone(),
            None => ty.to_token_stream(),
        };
        let (assert, last_words) = match &self.options.last_words {
            Some(words) => (quote!(assert_fits_before), Some(words.value.duration())),
            None => (quote!(assert_fits), None),
        };
        let last_words = last_words.iter();
        let proof = blamed(
            &culprit,
            quote!(__graceful::Plan::#assert),
            quote!(__graceful::MainPlan::<#ty>::PLAN, #limit, #delay #(, #last_words)*),
        );
        Some(quote!(const _: () = #proof;))
    }

    /// That durations in constants are some, and leave each other time; of those in words the macro has seen it.
    fn constants(&self) -> Option<TokenStream> {
        let options = self.options;
        let limits = [
            &options.timeout,
            &options.delay,
            &options.grace,
            &options.pre_stop,
            &options.blocking_grace,
        ];
        let mut written = limits.into_iter().flatten();
        let constant = written.find(|limit| limit.value.known().is_none())?;
        let timeout = duration_or(options.timeout.as_ref(), DEFAULT_TIMEOUT);
        let [delay, hook, blocking_grace] =
            [&options.delay, &options.pre_stop, &options.blocking_grace]
                .map(|limit| duration_or(limit.as_ref(), Duration::ZERO));
        let grace = options.grace.as_ref().map(|grace| grace.value.duration());
        let grace = grace.map(|grace| quote!(Some((#grace, #hook))));
        let grace = grace.unwrap_or_else(|| quote!(None));
        let proof = blamed(
            &constant.tokens,
            quote!(__graceful::assert_leaves_time),
            quote!(#timeout, #delay, __graceful::Option::#grace, #blocking_grace),
        );
        // An item is evaluated by each check, and can't name what surrounds the function.
        let is_of_self = mentions(proof.clone(), &|ident| ident == "Self");
        Some(if is_of_self {
            quote!(const { #proof };)
        } else {
            quote!(const _: () = #proof;)
        })
    }

    /// What tokio has only with a feature, or with `--cfg tokio_unstable`: only the runtime's crate knows whether it is there.
    fn supported(&self) -> TokenStream {
        let paused = self.options.start_paused.as_ref();
        let paused = paused.map(|paused| (&paused.key, quote!(__graceful::needs_test_util)));
        let policy = self.options.unhandled_panic.as_ref();
        let policy = policy.map(|policy| (&policy.key, quote!(__graceful::needs_tokio_unstable)));
        let checks = paused.into_iter().chain(policy);
        let checks = checks.map(|(key, check)| blamed(key, check, TokenStream::new()));
        quote!(#(const _: () = #checks;)*)
    }

    fn builder(&self) -> TokenStream {
        let options = self.options;
        // A flavor that the facade does not have is reported once.
        let builder = match flavor(options, self.kind) {
            Flavor::MultiThread if self.is_right => quote!(__graceful::Builder::multi_thread()),
            Flavor::MultiThread | Flavor::CurrentThread => {
                quote!(__graceful::Builder::current_thread())
            }
            Flavor::Local => quote!(__graceful::Builder::local()),
        };
        if !self.is_right {
            return builder;
        }
        let grace = options.grace.as_ref().map(|grace| {
            let hook = options.pre_stop.as_ref().map(ToTokens::to_token_stream);
            let hook = hook.unwrap_or_else(|| duration(&Duration::ZERO));
            quote!(.grace(#grace, #hook))
        });
        let setters = setters!(options: worker_threads name timeout delay blocking_grace last_words
            signals report end report_file leaked_tasks listens);
        let mut builder = quote!(#builder #(#setters)* #grace);
        if let Some(paused) = &options.start_paused {
            builder = quote!(__graceful::start_paused(#builder, #paused));
        }
        if let Some(policy) = &options.unhandled_panic {
            builder = quote!(__graceful::unhandled_panic(#builder, #policy));
        }
        builder
    }
}

/// What an option says, where constants are evaluated.
fn duration_or(option: Option<&Written<Limit>>, default: Duration) -> TokenStream {
    option.map_or_else(|| duration(&default), |given| given.value.duration())
}

/// Whether rustc, or a tool that it knows, reads an attribute: no macro expands it.
fn is_of_rustc(attr: &Attribute) -> bool {
    const ATTRIBUTES: &str = "allow automatically_derived cfg cfg_attr cold deny deprecated doc expect export_name \
        forbid inline link_section must_use no_mangle optimize target_feature track_caller unsafe warn";
    const TOOLS: &str = "clippy diagnostic miri rust_analyzer rustfmt";
    let name = path_name(attr.path());
    let (known, name) = match name.split_once("::") {
        Some((tool, _)) => (TOOLS, tool),
        None => (ATTRIBUTES, &*name),
    };
    known.split(' ').any(|known| known == name)
}

/// In the braces of the user's body, by which rustc knows whose function it is.
fn braced(body: &Group, inside: TokenStream) -> Group {
    let mut braced = Group::new(Delimiter::Brace, inside);
    braced.set_span(body.span());
    braced
}

/// A `return` that is never reached tells the type of an `async` block, which can't be written down.
fn output(sig: &Signature) -> TokenStream {
    if let ReturnType::Default = sig.output {
        let never = placed(&sig.ident, quote!(return));
        return quote!(if false { #never; });
    }
    let Some(ty) = nameable(&sig.output) else {
        return TokenStream::new();
    };
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

/// A type that was written, and may stand elsewhere: `impl Trait` and `!` may not.
fn nameable(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    let is_opaque = mentions(ty.to_token_stream(), &|ident| ident == "impl");
    (!is_never(ty) && !is_opaque).then_some(&**ty)
}

fn never_returns(sig: &Signature) -> bool {
    matches!(&sig.output, ReturnType::Type(_, ty) if is_never(ty))
}

/// Refuses a state that nobody would close.
fn hands(sig: &Signature) -> Option<TokenStream> {
    let ty = nameable(&sig.output)?;
    // From the type's first token to its last, which is then blamed. Out of the body's sight, so it needs no hygiene.
    let handed = placed(ty, quote!(__graceful_handed));
    let field = quote_spanned!(end(ty)=> .0);
    Some(quote! {
        let #handed: ([#ty; 0],) = ([],);
        (&&&__graceful::Handed::of(&#handed.0)).handed_kind().check(#handed #field);
    })
}
