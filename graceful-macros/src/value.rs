//! The values that keys of several tables take: from what was written to what it means.

use crate::duration::{Malformed, parse};
use crate::error::{Errors, mistake, text};
use crate::keys::Given;
use crate::limit::Limit;
use crate::similar::similar;
use quote::ToTokens;
use std::time::Duration;
use syn::parse::Parser;
use syn::{Expr, ExprLit, Lit, LitStr, Path, Result};

/// In words, or a constant that holds one.
pub(crate) fn duration(given: &Given, _: &mut Errors) -> Result<Limit> {
    limit(given, true)
}

/// The same, which must leave some time.
pub(crate) fn timeout(given: &Given, _: &mut Errors) -> Result<Limit> {
    limit(given, false)
}

fn limit(given: &Given, may_be_zero: bool) -> Result<Limit> {
    let expr = given.value()?;
    let (written, is_quoted) = match (expr, literal(expr)) {
        (Expr::Path(path), _) => {
            let path = path.clone();
            return Ok(Limit::Constant { path, may_be_zero });
        }
        (_, Some(Lit::Str(string))) if string.suffix().is_empty() => (string.value(), true),
        // `5s` is one token, a number with a suffix.
        (_, Some(Lit::Int(number))) => (number.to_string().replace('_', ""), false),
        _ => return Err(mistake(expr, &text::no_duration(given.example))),
    };
    let text = match parse(&written) {
        Ok(Duration::ZERO) if !may_be_zero => text::ZERO_TIMEOUT.to_owned(),
        Ok(duration) if is_quoted => return Ok(Limit::Words(duration)),
        Ok(_) => text::quotes(&written),
        Err(why) if is_quoted || matches!(why, Malformed::NoUnit(_)) => {
            text::malformed(&written, &why)
        }
        Err(_) => text::no_duration(given.example),
    };
    Err(mistake(expr, &text))
}

pub(crate) fn name(given: &Given, _: &mut Errors) -> Result<String> {
    let expr = given.value()?;
    match string(expr).map(LitStr::value) {
        Some(empty) if empty.trim().is_empty() => Err(mistake(expr, text::EMPTY_NAME)),
        Some(text) => Ok(text),
        None => Err(mistake(expr, &text::no_string(given.example))),
    }
}

pub(crate) fn boolean(given: &Given, _: &mut Errors) -> Result<bool> {
    let expr = given.value()?;
    match literal(expr) {
        Some(Lit::Bool(boolean)) => Ok(boolean.value),
        _ => Err(mistake(expr, &text::no_boolean(given.example))),
    }
}

/// One of a few strings; `hint` knows what to say of others that people try.
pub(crate) fn choice<T: Copy>(
    given: &Given,
    choices: &[(&'static str, T)],
    hint: impl Fn(&str) -> Option<String>,
) -> Result<T> {
    let expr = given.value()?;
    let Some(written) = string(expr).map(LitStr::value) else {
        let text = match expr {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                text::quotes(&path.to_token_stream().to_string())
            }
            _ => text::no_string(given.example),
        };
        return Err(mistake(expr, &text));
    };
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == written) {
        return Ok(*choice);
    }
    let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
    let unknown = || {
        let key = format!("`{}`", given.name);
        text::unknown(&key, &written, similar(&written, &names), &names)
    };
    Err(mistake(expr, &hint(&written).unwrap_or_else(unknown)))
}

/// `crate = path`, and `crate = "path"` as `#[tokio::main]` wants it.
pub(crate) fn crate_path(given: &Given, _: &mut Errors) -> Result<Path> {
    let expr = given.value()?;
    let path = match string(expr) {
        Some(string) => string.parse_with(Path::parse_mod_style),
        None => Path::parse_mod_style.parse2(expr.to_token_stream()),
    };
    // No import can hold that.
    let path = path
        .ok()
        .filter(|path| path.segments.iter().all(|segment| segment.ident != "Self"));
    path.ok_or_else(|| mistake(expr, &text::no_path(given.example)))
}

pub(crate) fn literal(expr: &Expr) -> Option<&Lit> {
    match expr {
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
