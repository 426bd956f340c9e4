//! The keys of `#[shutdown(…)]`, on a type and on a field.

use crate::error::{Errors, mistake, text};
use crate::keys::{Given, Place, entries, flag, is_key, keys};
use crate::limit::Limit;
use crate::tokens::located;
use crate::value::{crate_path, literal, name, string, timeout};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Expr, ExprPath, ExprUnary, Lit, LitInt, Path, Result, Token, UnOp};

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
    let number = match (literal(expr), expr) {
        (Some(Lit::Int(number)), _) => number,
        (_, Expr::Unary(negative)) if is_negative(negative) => {
            return Err(mistake(expr, text::NEGATIVE_ORDER));
        }
        _ => return Err(mistake(expr, text::NO_ORDER)),
    };
    if !number.suffix().is_empty() {
        return Err(mistake(expr, &text::suffix(number.base10_digits())));
    }
    let order = number.base10_parse();
    order.map_err(|_| mistake(expr, text::ORDER_TOO_LARGE))
}

fn is_negative(unary: &ExprUnary) -> bool {
    matches!(unary.op, UnOp::Neg(_)) && matches!(literal(&unary.expr), Some(Lit::Int(_)))
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
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: Ident,
    parens: Paren,
    arguments: Punctuated<Expr, Token![,]>,
}

impl Method {
    fn of(expr: &Expr) -> Option<Self> {
        let (name, given) = match expr {
            Expr::Call(call) => (&*call.func, Some(call)),
            _ => (expr, None),
        };
        let Expr::Path(ExprPath {
            qself: None, path, ..
        }) = name
        else {
            return None;
        };
        // `crate`, `self`, `super` and `Self` are paths too.
        let name: Ident = syn::parse2(path.get_ident()?.to_token_stream()).ok()?;
        Some(Self {
            parens: given.map_or_else(
                || Paren(Span::call_site().located_at(name.span())),
                |call| call.paren_token,
            ),
            arguments: given.map_or_else(Punctuated::new, |call| call.args.clone()),
            name,
        })
    }

    /// Where the method is named, or what it takes would be missing at the derive. What it is given stands where it was
    /// written.
    pub(crate) fn call(&self) -> TokenStream {
        let name = &self.name;
        let mut call = located(quote!(.#name), name.span());
        self.parens
            .surround(&mut call, |inside| self.arguments.to_tokens(inside));
        call
    }

    /// As it is shown to people.
    pub(crate) fn shown(&self) -> String {
        let arguments = if self.arguments.is_empty() { "" } else { ".." };
        format!("{}({arguments})", self.name)
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
    match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Int(number)) if is_index(&number) => Ok(Target {
            field: number.base10_digits().to_owned(),
            tokens,
        }),
        Ok(Lit::Str(name)) => Err(mistake(&tokens, &text::quoted_field(&name.value()))),
        _ => Err(mistake(&tokens, text::NO_FIELD)),
    }
}

/// As a tuple's field is written: `0`, and not `0u8`, `0x0` or `-0`.
fn is_index(number: &LitInt) -> bool {
    number
        .to_string()
        .chars()
        .all(|digit| digit.is_ascii_digit())
}
