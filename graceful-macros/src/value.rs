//! The values that keys of several tables take: from what was written to what it means.

use crate::duration::{Malformed, Written, parse};
use crate::error::{Errors, mistake, text};
use crate::keys::Given;
use crate::limit::{Constant, Limit};
use crate::similar::similar;
use quote::ToTokens;
use std::time::Duration;
use syn::{Expr, ExprLit, ExprPath, Lit, LitStr, Path, Result};

/// In words, or a constant that holds one.
pub(crate) fn duration(given: &Given, _: &mut Errors) -> Result<Limit> {
    limit(given, true)
}

/// The same, which must leave some time.
pub(crate) fn timeout(given: &Given, _: &mut Errors) -> Result<Limit> {
    let limit = limit(given, false)?;
    match limit.known() {
        Some(Duration::ZERO) => Err(mistake(given.value()?, text::ZERO_TIMEOUT)),
        _ => Ok(limit),
    }
}

fn limit(given: &Given, may_be_zero: bool) -> Result<Limit> {
    let expr = given.value()?;
    if let Expr::Path(path) = expr {
        let path = path.clone();
        return Ok(Limit::Constant(Constant { path, may_be_zero }));
    }
    // To be told of the missing quotes first would help nobody.
    let is_bare_zero =
        matches!(literal(expr), Some(Lit::Int(number)) if number.base10_digits() == "0");
    if is_bare_zero && !may_be_zero {
        return Err(mistake(expr, text::ZERO_TIMEOUT));
    }
    in_words(given).map(Limit::Words)
}

fn in_words(given: &Given) -> Result<Duration> {
    let expr = given.value()?;
    if let Some(string) = string(expr) {
        let written = string.value();
        return parse(&written)
            .map_err(|why| mistake(expr, &text::malformed(&written, &why, whole(&written))));
    }
    // `5s` is one token, a number with a suffix.
    let bare = match literal(expr) {
        Some(Lit::Int(number)) => number.to_string(),
        Some(Lit::Float(number)) => number.to_string(),
        _ => return Err(mistake(expr, &text::no_duration(given.example))),
    };
    let bare = bare.replace('_', "");
    let text = match (parse(&bare), whole(&bare)) {
        (Ok(_), _) => text::quotes(&bare),
        (Err(why @ Malformed::NoUnit(_)), _) => text::malformed(&bare, &why, None),
        (Err(_), Some(whole)) => text::quotes(&whole),
        (Err(_), None) => text::no_duration(given.example),
    };
    Err(mistake(expr, &text))
}

/// `1.5s` as `1s 500ms`: the tenth part of `15s`.
fn whole(written: &str) -> Option<String> {
    let (number, rest) = written.trim().split_once('.')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let parts = 10_u32.checked_pow(u32::try_from(digits).ok()?)?;
    let multiple = parse(&format!("{number}{rest}")).ok()?;
    let whole = multiple / parts;
    let is_exact = whole * parts == multiple && !whole.is_zero();
    is_exact.then(|| Written(whole).to_string())
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
    let path = match expr {
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
    path.segments.iter().all(|segment| {
        let fits = match segment.ident.to_string().as_str() {
            "Self" => false,
            "crate" | "$crate" | "self" => begins,
            "super" => may_be_super,
            _ => true,
        };
        may_be_super &= segment.ident == "super" || (begins && segment.ident == "self");
        begins = false;
        fits && segment.arguments.is_none()
    })
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

#[cfg(test)]
mod tests {
    use super::{leads_to_a_module, whole};
    use syn::Path;
    use syn::parse::Parser as _;

    #[test]
    fn a_fraction_is_written_in_smaller_units() {
        for (written, without) in [
            ("1.5s", Some("1s 500ms")),
            ("0.5h", Some("30m")),
            ("1.000s", Some("1s")),
            ("1.5ns", None),
            ("0.0s", None),
            ("1.5", None),
            ("1.1.1s", None),
            ("5s", None),
        ] {
            assert_eq!(whole(written).as_deref(), without, "{written}");
        }
    }

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
