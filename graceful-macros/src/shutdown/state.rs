//! The type as it is closed: everything is decided, and no code is written yet.

use crate::keys::Written;
use crate::limit::Limit;
use crate::shutdown::ast;
use crate::shutdown::keys::{FieldKeys, Method};
use crate::tokens::{Facade, local};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{Expr, Generics, Member, Type};

/// Whose plan is that of the type inside.
pub(crate) const WRAPPERS: [&str; 9] = [
    "Arc", "Box", "Mutex", "OnceCell", "OnceLock", "Option", "RwLock", "Vec", "VecDeque",
];

/// What holds a value that can be taken out of it.
pub(crate) const LOCKS: [&str; 2] = ["Mutex", "RwLock"];

pub(crate) struct State<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) name: String,
    pub(crate) budget: Option<Written<Limit>>,
    /// Others may hold the type while it is closed.
    pub(crate) shared: bool,
    pub(crate) facade: Facade,
    pub(crate) is_enum: bool,
    /// One of a struct, and one for each variant of an enum.
    pub(crate) bodies: Vec<Body<'a>>,
}

/// The fields that stand side by side.
pub(crate) struct Body<'a> {
    pub(crate) variant: Option<&'a Ident>,
    pub(crate) name: String,
    /// Each behind those that it waits for.
    pub(crate) steps: Vec<Step<'a>>,
    /// Outlive the last step.
    pub(crate) kept: Vec<Kept<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    /// Holds the field once the value is taken apart.
    pub(crate) binding: Ident,
    /// What the source calls it, and what reports do.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) ty: &'a Type,
}

pub(crate) struct Step<'a> {
    pub(crate) field: Field<'a>,
    /// None where it waits for those alone that it names.
    pub(crate) order: Option<u32>,
    /// Closed after everything else has been said.
    pub(crate) is_last: bool,
    /// What is done with it when the stop begins.
    pub(crate) at_request: Option<Expr>,
    /// What closes it near its limit, if it has not ended.
    pub(crate) force: Option<Method>,
    /// What those are called in plans.
    pub(crate) after: Vec<String>,
    pub(crate) timeout: Option<Written<Limit>>,
    pub(crate) how: How,
}

pub(crate) struct Kept<'a> {
    pub(crate) field: Field<'a>,
    /// Whether it says so.
    pub(crate) skip: bool,
}

/// How a marked field is closed.
pub(crate) enum How {
    Shutdown,
    /// Also through its own `Shutdown`, and watched until then.
    Critical,
    Method(Method),
    With(Expr),
    Drop,
    /// Through its own `Shutdown`, or by being dropped where it has none.
    Own,
}

impl How {
    /// By the first key that says so; where there are two, that has been reported.
    pub(crate) fn of(keys: &FieldKeys) -> Self {
        match (&keys.critical, &keys.drop, &keys.method, &keys.with) {
            (Some(_), ..) => Self::Critical,
            (_, Some(_), ..) => Self::Drop,
            (_, _, Some(method), _) => Self::Method(method.value.clone()),
            (.., Some(closer)) => Self::With(closer.value.clone()),
            _ if keys.last.is_some() => Self::Own,
            _ => Self::Shutdown,
        }
    }

    /// Whether the field's own type says how it is closed.
    pub(crate) fn has_plan(&self) -> bool {
        matches!(self, Self::Shutdown | Self::Critical)
    }
}

impl<'a> State<'a> {
    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step<'a>> {
        self.bodies.iter().flat_map(|body| &body.steps)
    }

    pub(crate) fn kept(&self) -> impl Iterator<Item = &Kept<'a>> {
        self.bodies.iter().flat_map(|body| &body.kept)
    }
}

impl<'a> Field<'a> {
    pub(crate) fn new(index: usize, field: &ast::Field<'a>) -> Self {
        let (member, ty) = (field.member.clone(), field.ty);
        let name = field.keys.name.as_ref().map(|name| &name.value);
        let key = match &member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        };
        Self {
            name: name.unwrap_or(&key).clone(),
            // Lints look at the letters of every name, and our own locals begin with this word.
            binding: if key.is_ascii() && !key.starts_with("graceful") {
                format_ident!("__{key}", span = Span::mixed_site())
            } else {
                local(&format!("field_{index}"))
            },
            key,
            member,
            ty,
        }
    }

    /// What stands for it in the source: its name, or its type where it has none.
    pub(crate) fn place(&self) -> TokenStream {
        match &self.member {
            Member::Named(ident) => ident.to_token_stream(),
            Member::Unnamed(_) => self.ty.to_token_stream(),
        }
    }
}
