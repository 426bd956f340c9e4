//! The keys of `#[shutdown(…)]`, on a type and on a field.

use crate::error::{Errors, mistake, text};
use crate::keys::{Given, Place, entries, flag, is_key, keys};
use crate::limit::Limit;
use crate::tokens::located;
use crate::value::{crate_path, literal, name, string, timeout};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Expr, Index, Lit, LitStr, Path, Result};

keys! {
    /// On the type.
    TypeKeys {
        timeout: Limit, timeout, "timeout = \"25s\"";
        path("crate"): Path, crate_path, "crate = my_crate::graceful";
        shared: (), flag, "shared";
        exhaustive: (), flag, "exhaustive";
        nothing: (), flag, "nothing", excludes timeout;
    }
}

keys! {
    /// On a field.
    FieldKeys {
        order: u32, order, "order = 2";
        after: Vec<Target>, after, "after(http)";
        timeout: Limit, timeout, "timeout = \"5s\"";
        method: Method, method, "method = close", excludes with;
        with: Expr, closer, "with = |field, cx| async move { ... }";
        name: String, step_name, "name = \"db\"";
        critical: (), flag, "critical", excludes method with drop;
        at_request: Expr, at_request, "at_request = Registry::leave", excludes critical;
        force: Method, method, "force = stop", excludes critical drop at_request;
        last: (), flag, "last", excludes order after timeout critical at_request force;
        drop: (), flag, "drop", excludes method with;
        skip: (), flag, "skip", excludes order after timeout method with name drop critical at_request force last;
    }
}

pub(crate) const TYPE: Place = Place {
    noun: "`shutdown` key for a type",
    takes: |_| true,
    hint: |word| match word {
        "delay" | "grace" | "pre_stop" | "report" | "signals" => Some(text::belongs_on_main(word)),
        "bound" | "bounds" => Some(text::bound(word)),
        _ => is_key::<FieldKeys>(word).then(|| text::belongs_on_field(word)),
    },
    synonyms: &[
        ("budget", "timeout"),
        ("deadline", "timeout"),
        ("limit", "timeout"),
        ("strict", "exhaustive"),
    ],
    ignore_case: false,
};

pub(crate) const FIELD: Place = Place {
    noun: "`shutdown` key for a field",
    takes: |_| true,
    hint: |word| match word {
        "before" => Some(text::NO_BEFORE.to_owned()),
        "bound" | "bounds" => Some(text::bound(word)),
        "call" | "close" | "fn" | "func" => Some(text::HOW_TO_CLOSE.to_owned()),
        _ => is_key::<TypeKeys>(word).then(|| text::belongs_on_type(word)),
    },
    synonyms: &[
        ("abort", "force"),
        ("deadline", "timeout"),
        ("depends_on", "after"),
        ("ignore", "skip"),
        ("kill", "force"),
        ("label", "name"),
        ("limit", "timeout"),
        ("needs", "after"),
        ("priority", "order"),
        ("requires", "after"),
        ("stage", "order"),
    ],
    ignore_case: false,
};

fn order(given: &Given, _: &mut Errors) -> Result<u32> {
    let expr = given.value()?;
    match literal(expr) {
        Some(Lit::Int(number)) if number.suffix().is_empty() => {
            let order = number.base10_parse();
            order.map_err(|_| mistake(expr, text::ORDER_TOO_LARGE))
        }
        _ => Err(mistake(expr, text::NO_ORDER)),
    }
}

/// What a field is called in reports, where names of nested fields are joined with dots.
fn step_name(given: &Given, errors: &mut Errors) -> Result<String> {
    let name = name(given, errors)?;
    if name.contains('.') {
        return Err(mistake(given.value()?, text::DOTTED_NAME));
    }
    Ok(name)
}

/// A method as a key names it: `close`, or `close(200, "OK".into())`.
pub(crate) struct Method {
    pub(crate) name: Ident,
    /// In parentheses.
    arguments: Group,
}

impl Method {
    fn of(expr: &Expr) -> Option<Self> {
        let (name, call) = match expr {
            Expr::Call(call) => (&*call.func, Some(call)),
            _ => (expr, None),
        };
        // `crate`, `self`, `super` and `Self` are no identifiers.
        let name: Ident = syn::parse2(name.to_token_stream()).ok()?;
        let inside = call.map(|call| &call.args).to_token_stream();
        let mut arguments = Group::new(Delimiter::Parenthesis, inside);
        arguments.set_span(call.map_or_else(
            || Span::call_site().located_at(name.span()),
            |call| call.paren_token.span.join(),
        ));
        Some(Self { name, arguments })
    }

    /// Where the method is named, or what it takes would be missing at the derive. What it is given stands where it was
    /// written.
    pub(crate) fn call(&self) -> TokenStream {
        let (name, arguments) = (&self.name, &self.arguments);
        let named = located(quote!(.#name), name.span());
        quote!(#named #arguments)
    }

    /// As it is shown to people.
    pub(crate) fn shown(&self) -> String {
        let is_bare = self.arguments.stream().is_empty();
        format!("{}({})", self.name, if is_bare { "" } else { ".." })
    }
}

fn method(given: &Given, _: &mut Errors) -> Result<Method> {
    let expr = given.value()?;
    if string(expr).is_some() {
        return Err(mistake(expr, text::QUOTED_METHOD));
    }
    Method::of(expr).ok_or_else(|| mistake(expr, text::NO_METHOD))
}

/// Which is given the field and its `Context`.
fn closer(given: &Given, _: &mut Errors) -> Result<Expr> {
    function(given, 2, text::CLOSER_TAKES_TWO, text::NO_CLOSER)
}

/// Which is lent the field.
fn at_request(given: &Given, _: &mut Errors) -> Result<Expr> {
    function(given, 1, text::AT_REQUEST_TAKES_ONE, text::NO_AT_REQUEST)
}

/// A path, or a closure with as many parameters.
fn function(given: &Given, takes: usize, takes_others: &str, is_neither: &str) -> Result<Expr> {
    let expr = given.value()?;
    match expr {
        Expr::Closure(closure) if closure.inputs.len() != takes => {
            let (begin, inputs, end) =
                (&closure.inputs_begin, &closure.inputs, &closure.inputs_end);
            Err(mistake(&quote!(#begin #inputs #end), takes_others))
        }
        Expr::Path(_) | Expr::Closure(_) => Ok(expr.clone()),
        _ => Err(mistake(expr, is_neither)),
    }
}

/// A field as an `after` names it.
pub(crate) struct Target {
    /// Its name in the struct, or its number.
    pub(crate) field: String,
    pub(crate) tokens: TokenStream,
}

/// The fields that have to end first; none where all of it is wrong.
fn after(given: &Given, errors: &mut Errors) -> Result<Vec<Target>> {
    let list = given.list()?;
    if list.is_empty() {
        errors.push(&given.key, text::EMPTY_AFTER);
    }
    Ok(entries(list, errors, target))
}

fn target(tokens: TokenStream) -> Result<Target> {
    if let Ok(ident) = Ident::parse_any.parse2(tokens.clone()) {
        let field = ident.unraw().to_string();
        return Ok(Target { field, tokens });
    }
    if let Ok(Index { index, .. }) = syn::parse2(tokens.clone()) {
        let field = index.to_string();
        return Ok(Target { field, tokens });
    }
    let text = match syn::parse2::<LitStr>(tokens.clone()) {
        Ok(name) => text::quoted_field(&name.value()),
        Err(_) => text::NO_FIELD.to_owned(),
    };
    Err(mistake(&tokens, &text))
}
