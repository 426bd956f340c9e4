//! The values of keys: from what was written to what it means.

use crate::duration::{self, Malformed, Parts};
use crate::error::{mistake, text};
use crate::list::Given;
use crate::similar::similar;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, ExprPath, ExprUnary, Lit, LitStr, Path, Result, UnOp};

/// A duration, and where it was written.
pub(crate) struct Limit {
    pub(crate) parts: Parts,
    pub(crate) tokens: TokenStream,
}

pub(crate) fn duration(given: &Given) -> Result<Limit> {
    let expr = &given.value;
    if let Some(string) = string(expr) {
        let written = string.value();
        let tokens = expr.to_token_stream();
        return match duration::parse(&written) {
            Ok(parts) => Ok(Limit { parts, tokens }),
            Err(why) => Err(mistake(expr, &text::malformed(&written, &why))),
        };
    }
    // `5s` is one token, a number with a suffix.
    let bare = match literal(expr) {
        Some(Lit::Int(number)) => number.to_string(),
        Some(Lit::Float(number)) => number.to_string(),
        _ => return Err(mistake(expr, &text::no_duration(given.example))),
    };
    let bare = bare.replace('_', "");
    let text = match duration::parse(&bare) {
        Ok(_) => text::quotes(&bare),
        Err(Malformed::Fraction(Some(whole))) => text::quotes(&whole),
        Err(why @ Malformed::NoUnit(_)) => text::malformed(&bare, &why),
        Err(_) => text::no_duration(given.example),
    };
    Err(mistake(expr, &text))
}

/// A duration that must leave some time.
pub(crate) fn timeout(given: &Given) -> Result<Limit> {
    let expr = &given.value;
    // To be told of the missing quotes first would help nobody.
    let is_bare_zero =
        matches!(literal(expr), Some(Lit::Int(number)) if number.base10_digits() == "0");
    if is_bare_zero {
        return Err(mistake(expr, text::ZERO_TIMEOUT));
    }
    let limit = duration(given)?;
    if limit.parts.is_zero() {
        return Err(mistake(&limit.tokens, text::ZERO_TIMEOUT));
    }
    Ok(limit)
}

pub(crate) fn order(given: &Given) -> Result<u32> {
    let expr = &given.value;
    let number = match ungroup(expr) {
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr: positive,
            ..
        }) if matches!(literal(positive), Some(Lit::Int(_))) => {
            return Err(mistake(expr, text::NEGATIVE_ORDER));
        }
        _ => match literal(expr) {
            Some(Lit::Int(number)) => number,
            _ => return Err(mistake(expr, text::NO_ORDER)),
        },
    };
    if !number.suffix().is_empty() {
        return Err(mistake(expr, &text::suffix(number.base10_digits())));
    }
    number
        .base10_parse()
        .map_err(|_| mistake(expr, text::ORDER_TOO_LARGE))
}

/// A name, and where it was written.
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) tokens: TokenStream,
}

/// What a field is called in reports, where names of nested fields are joined with dots.
pub(crate) fn field_name(given: &Given) -> Result<Name> {
    let text = name(given)?;
    let tokens = given.value.to_token_stream();
    if text.contains('.') {
        return Err(mistake(&tokens, text::DOTTED_NAME));
    }
    Ok(Name { text, tokens })
}

pub(crate) fn name(given: &Given) -> Result<String> {
    let expr = &given.value;
    match string(expr).map(LitStr::value) {
        Some(empty) if empty.is_empty() => Err(mistake(expr, text::EMPTY_NAME)),
        Some(text) => Ok(text),
        None => Err(mistake(expr, &text::no_string(given.example))),
    }
}

pub(crate) fn method(given: &Given) -> Result<Ident> {
    let expr = &given.value;
    if string(expr).is_some() {
        return Err(mistake(expr, text::QUOTED_METHOD));
    }
    match ungroup(expr) {
        Expr::Path(ExprPath {
            qself: None, path, ..
        }) => path.get_ident(),
        _ => None,
    }
    // `crate`, `self`, `super` and `Self` are paths too.
    .and_then(|name| syn::parse2(name.to_token_stream()).ok())
    .ok_or_else(|| mistake(expr, text::NO_METHOD))
}

pub(crate) fn closer(given: &Given) -> Result<Expr> {
    let expr = &given.value;
    match ungroup(expr) {
        Expr::Closure(closure) if closure.inputs.len() != 2 => {
            let (begin, inputs, end) =
                (&closure.inputs_begin, &closure.inputs, &closure.inputs_end);
            Err(mistake(
                &quote!(#begin #inputs #end),
                text::CLOSER_TAKES_TWO,
            ))
        }
        Expr::Path(_) | Expr::Closure(_) => Ok(expr.clone()),
        _ => Err(mistake(expr, text::NO_CLOSER)),
    }
}

pub(crate) fn boolean(given: &Given) -> Result<bool> {
    match literal(&given.value) {
        Some(Lit::Bool(boolean)) => Ok(boolean.value),
        _ => Err(mistake(&given.value, &text::no_boolean(given.example))),
    }
}

/// At least one, with or without the suffix that `#[tokio::main]` takes.
pub(crate) fn count(given: &Given) -> Result<usize> {
    let expr = &given.value;
    let Some(Lit::Int(number)) = literal(expr) else {
        return Err(mistake(expr, &text::no_count(given.example)));
    };
    match number.base10_parse() {
        Ok(0) => Err(mistake(expr, text::ZERO_COUNT)),
        Ok(count) => Ok(count),
        Err(_) => Err(mistake(expr, text::COUNT_TOO_LARGE)),
    }
}

/// One of a few strings; `hint` knows what to say of others that people try.
pub(crate) fn choice<T: Copy>(
    given: &Given,
    choices: &[(&'static str, T)],
    hint: fn(&str) -> Option<String>,
) -> Result<T> {
    let written = one_string(given)?;
    let mut names = Vec::new();
    for (name, choice) in choices {
        if *name == written {
            return Ok(*choice);
        }
        names.push(*name);
    }
    let unknown = || {
        let key = format!("`{}`", given.key);
        text::unknown(&key, &written, similar(&written, &names), &names)
    };
    let text = hint(&written).unwrap_or_else(unknown);
    Err(mistake(&given.value, &text))
}

fn one_string(given: &Given) -> Result<String> {
    let expr = &given.value;
    if let Some(written) = string(expr) {
        return Ok(written.value());
    }
    let text = match ungroup(expr) {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            text::quotes(&path.to_token_stream().to_string())
        }
        _ => text::no_string(given.example),
    };
    Err(mistake(expr, &text))
}

/// `crate = path`, and `crate = "path"` as `#[tokio::main]` wants it.
pub(crate) fn crate_path(given: &Given) -> Result<Path> {
    let expr = &given.value;
    let path = match ungroup(expr) {
        Expr::Path(ExprPath {
            qself: None, path, ..
        }) => Some(path.clone()),
        _ => string(expr).and_then(|string| string.parse_with(Path::parse_mod_style).ok()),
    };
    path.filter(leads_to_a_module)
        .ok_or_else(|| mistake(expr, &text::no_path(given.example)))
}

/// `crate`, `self` and `super` only where a path may begin with them, and `Self` never.
fn leads_to_a_module(path: &Path) -> bool {
    let mut begins = path.leading_colon.is_none();
    let mut may_be_super = begins;
    for segment in &path.segments {
        let fits = match segment.ident.to_string().as_str() {
            "Self" => false,
            "crate" | "$crate" | "self" => begins,
            "super" => may_be_super,
            _ => true,
        };
        if !fits || !segment.arguments.is_none() {
            return false;
        }
        may_be_super &= segment.ident == "super" || (begins && segment.ident == "self");
        begins = false;
    }
    true
}

/// `macro_rules!` hands its fragments over in groups without a delimiter.
fn ungroup(mut expr: &Expr) -> &Expr {
    while let Expr::Group(group) = expr {
        expr = &group.expr;
    }
    expr
}

pub(crate) fn literal(expr: &Expr) -> Option<&Lit> {
    match ungroup(expr) {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        _ => None,
    }
}

pub(crate) fn string(expr: &Expr) -> Option<&LitStr> {
    match literal(expr) {
        Some(Lit::Str(string)) if string.suffix().is_empty() => Some(string),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::leads_to_a_module;
    use syn::Path;
    use syn::parse::Parser as _;

    #[test]
    fn a_path_leads_to_a_module_where_its_keywords_stand_in_front() {
        for (written, leads) in [
            ("graceful", true),
            ("::graceful", true),
            ("corp::graceful", true),
            ("crate", true),
            ("crate::graceful", true),
            ("self::graceful", true),
            ("super::super::graceful", true),
            ("self::super::graceful", true),
            ("Self", false),
            ("Self::graceful", false),
            ("::crate::graceful", false),
            ("::self::graceful", false),
            ("::super::graceful", false),
            ("corp::crate", false),
            ("corp::self", false),
            ("corp::super", false),
            ("crate::super", false),
            ("super::self", false),
            ("super::corp::super", false),
        ] {
            let path = Path::parse_mod_style.parse_str(written).unwrap();
            assert_eq!(leads_to_a_module(&path), leads, "{written}");
        }
    }
}
