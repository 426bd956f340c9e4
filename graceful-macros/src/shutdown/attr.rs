//! What `#[shutdown(…)]` says, on a type and on a field.

use crate::error::{Errors, text};
use crate::list::{Grammar, Key, Seen, Takes};
use crate::shutdown::after::{self, Target};
use crate::shutdown::check;
use crate::value::{self, Limit, Name};
use proc_macro2::Ident;
use syn::{Attribute, Data, Expr, MacroDelimiter, Meta, Path};

#[derive(Default)]
pub(crate) struct TypeAttrs {
    pub(crate) budget: Option<Limit>,
    pub(crate) crate_path: Option<Path>,
    /// Others may hold the type while it is closed.
    pub(crate) shared: bool,
    /// Each field must have a mark.
    pub(crate) exhaustive: bool,
}

#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) marked: bool,
    pub(crate) skip: bool,
    pub(crate) order: Option<u32>,
    /// None where it is not there; empty where all of it is wrong.
    pub(crate) after: Option<Vec<Target>>,
    pub(crate) timeout: Option<Limit>,
    pub(crate) name: Option<Name>,
    pub(crate) how: How,
}

/// How a marked field is closed.
#[derive(Default)]
pub(crate) enum How {
    #[default]
    Shutdown,
    /// Also through its own `Shutdown`, and watched until then.
    Critical,
    Method(Ident),
    With(Expr),
    Drop,
}

impl How {
    /// Whether the field's own type says how it is closed.
    pub(crate) fn has_plan(&self) -> bool {
        matches!(self, Self::Shutdown | Self::Critical)
    }
}

static TYPE: Grammar<TypeAttrs> = Grammar {
    noun: "`shutdown` key for a type",
    keys: &[
        Key {
            name: "timeout",
            example: "timeout = \"25s\"",
            takes: Takes::Value(|attrs, given| {
                attrs.budget = Some(value::timeout(given)?);
                Ok(())
            }),
        },
        Key {
            name: "crate",
            example: "crate = my_crate::graceful",
            takes: Takes::Value(|attrs, given| {
                attrs.crate_path = Some(value::crate_path(given)?);
                Ok(())
            }),
        },
        Key {
            name: "shared",
            example: "shared",
            takes: Takes::Nothing(|attrs| attrs.shared = true),
        },
        Key {
            name: "exhaustive",
            example: "exhaustive",
            takes: Takes::Nothing(|attrs| attrs.exhaustive = true),
        },
    ],
    hint: |word| {
        let of_main = matches!(word, "grace" | "pre_stop");
        let of_main = of_main.then(|| text::belongs_on_main(word));
        let of_field = || FIELD.knows(word).then(|| text::belongs_on_field(word));
        of_main.or_else(|| bound(word)).or_else(of_field)
    },
    ignore_case: false,
};

static FIELD: Grammar<FieldAttrs> = Grammar {
    noun: "`shutdown` key for a field",
    keys: &[
        Key {
            name: "order",
            example: "order = 2",
            takes: Takes::Value(|attrs, given| {
                attrs.order = Some(value::order(given)?);
                Ok(())
            }),
        },
        Key {
            name: "after",
            example: "after(http)",
            takes: Takes::List(|attrs, key, list, errors| {
                attrs.after = Some(after::read(key, list, errors));
            }),
        },
        Key {
            name: "timeout",
            example: "timeout = \"5s\"",
            takes: Takes::Value(|attrs, given| {
                attrs.timeout = Some(value::timeout(given)?);
                Ok(())
            }),
        },
        Key {
            name: "method",
            example: "method = close",
            takes: Takes::Value(|attrs, given| {
                attrs.how = How::Method(value::method(given)?);
                Ok(())
            }),
        },
        Key {
            name: "with",
            example: "with = |field, cx| async move { ... }",
            takes: Takes::Value(|attrs, given| {
                attrs.how = How::With(value::closer(given)?);
                Ok(())
            }),
        },
        Key {
            name: "name",
            example: "name = \"db\"",
            takes: Takes::Value(|attrs, given| {
                attrs.name = Some(value::field_name(given)?);
                Ok(())
            }),
        },
        Key {
            name: "critical",
            example: "critical",
            takes: Takes::Nothing(|attrs| attrs.how = How::Critical),
        },
        Key {
            name: "drop",
            example: "drop",
            takes: Takes::Nothing(|attrs| attrs.how = How::Drop),
        },
        Key {
            name: "skip",
            example: "skip",
            takes: Takes::Nothing(|attrs| attrs.skip = true),
        },
    ],
    hint: |word| {
        let of_type = || TYPE.knows(word).then(|| text::belongs_on_type(word));
        bound(word).or_else(of_type)
    },
    ignore_case: false,
};

/// A key of serde's and of other derives.
fn bound(word: &str) -> Option<String> {
    matches!(word, "bound" | "bounds").then(|| text::bound(word))
}

pub(crate) fn of_type(attrs: &[Attribute], data: &Data, errors: &mut Errors) -> TypeAttrs {
    let (read, seen) = read(&TYPE, attrs, errors);
    check::shape(&seen, data, errors);
    for attr in attrs {
        if is_ours(attr) && matches!(attr.meta, Meta::Path(_)) {
            errors.push(&attr.meta, text::NOTHING_ON_TYPE);
        }
    }
    read
}

pub(crate) fn of_field(attrs: &[Attribute], of: &TypeAttrs, errors: &mut Errors) -> FieldAttrs {
    let (mut read, seen) = read(&FIELD, attrs, errors);
    check::conflicts(&seen, errors);
    if of.shared {
        check::in_shared(&seen, errors);
    }
    read.marked = attrs.iter().any(is_ours);
    read
}

pub(crate) fn of_variant(attrs: &[Attribute], errors: &mut Errors) {
    for attr in attrs {
        if is_ours(attr) {
            errors.push(&attr.meta, text::ON_VARIANT);
        }
    }
}

fn is_ours(attr: &Attribute) -> bool {
    attr.path().is_ident("shutdown")
}

fn read<T: Default>(grammar: &Grammar<T>, attrs: &[Attribute], errors: &mut Errors) -> (T, Seen) {
    let mut read = T::default();
    let mut seen = Seen::default();
    for attr in attrs {
        match &attr.meta {
            _ if !is_ours(attr) => {}
            Meta::Path(_) => {}
            Meta::List(list) if !matches!(list.delimiter, MacroDelimiter::Paren(_)) => {
                errors.push(list, text::NO_LIST);
            }
            Meta::List(list) if list.tokens.is_empty() => errors.push(list, text::EMPTY_LIST),
            Meta::List(list) => grammar.read(list.tokens.clone(), &mut read, &mut seen, errors),
            Meta::NameValue(assigned) => errors.push(assigned, text::NO_LIST),
        }
    }
    (read, seen)
}
