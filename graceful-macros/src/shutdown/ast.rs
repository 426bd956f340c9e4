//! The type as it was written, with what its attributes say. Nothing is decided here.

use crate::error::{Errors, text};
use crate::keys::{Keys, Place};
use crate::shutdown::keys::{FIELD, FieldKeys, TYPE, TypeKeys};
use crate::tokens::local;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Fields, MacroDelimiter, Member, Meta, Type};

pub(crate) struct Source<'a> {
    pub(crate) item: &'a DeriveInput,
    pub(crate) keys: TypeKeys,
    /// One of a struct, and one for each variant of an enum.
    pub(crate) bodies: Vec<Body<'a>>,
}

/// Fields that stand side by side.
pub(crate) struct Body<'a> {
    pub(crate) variant: Option<&'a Ident>,
    pub(crate) fields: Vec<Field<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    /// Holds the field once the value is taken apart.
    pub(crate) binding: Ident,
    /// What the source calls it.
    pub(crate) key: String,
    pub(crate) ty: &'a Type,
    /// Whether the attribute is there, with keys or without.
    pub(crate) marked: bool,
    pub(crate) keys: FieldKeys,
}

impl<'a> Source<'a> {
    pub(crate) fn parse(item: &'a DeriveInput, errors: &mut Errors) -> Self {
        let keys = keys(&TYPE, &item.attrs, errors);
        for attr in ours(&item.attrs).filter(|attr| matches!(attr.meta, Meta::Path(_))) {
            errors.push(&attr.meta, text::NOTHING_ON_TYPE);
        }
        let bodies = match &item.data {
            Data::Struct(data) => vec![Body::parse(None, &data.fields, errors)],
            Data::Enum(data) => {
                let variants = data.variants.iter().map(|variant| {
                    for attr in ours(&variant.attrs) {
                        errors.push(&attr.meta, text::ON_VARIANT);
                    }
                    Body::parse(Some(&variant.ident), &variant.fields, errors)
                });
                variants.collect()
            }
            Data::Union(_) => Vec::new(),
        };
        Self { item, keys, bodies }
    }
}

impl<'a> Body<'a> {
    fn parse(variant: Option<&'a Ident>, fields: &'a Fields, errors: &mut Errors) -> Self {
        let fields = fields.iter().zip(fields.members()).enumerate();
        let fields = fields.map(|(index, (field, member))| {
            let key = match &member {
                Member::Named(ident) => ident.unraw().to_string(),
                Member::Unnamed(index) => index.index.to_string(),
            };
            Field {
                member,
                // Lints look at the letters of every name, and our own locals begin with this word.
                binding: if key.is_ascii() && !key.starts_with("graceful") {
                    format_ident!("__{key}", span = Span::mixed_site())
                } else {
                    local(&format!("field_{index}"))
                },
                key,
                ty: &field.ty,
                marked: ours(&field.attrs).next().is_some(),
                keys: keys(&FIELD, &field.attrs, errors),
            }
        });
        let fields = fields.collect();
        Self { variant, fields }
    }
}

impl Field<'_> {
    /// What reports call it.
    pub(crate) fn name(&self) -> &str {
        self.keys
            .name
            .as_ref()
            .map_or(&self.key, |name| &name.value)
    }

    /// What stands for it in the source: its name, or its type where it has none.
    pub(crate) fn place(&self) -> TokenStream {
        match &self.member {
            Member::Named(ident) => ident.to_token_stream(),
            Member::Unnamed(_) => self.ty.to_token_stream(),
        }
    }
}

fn ours(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    let is_ours = |attr: &&Attribute| attr.path().is_ident("shutdown");
    attrs.iter().filter(is_ours)
}

fn keys<T: Keys>(place: &Place, attrs: &[Attribute], errors: &mut Errors) -> T {
    let mut keys = T::default();
    for attr in ours(attrs) {
        match &attr.meta {
            Meta::Path(_) => {}
            Meta::List(list) if !matches!(list.delimiter, MacroDelimiter::Paren(_)) => {
                errors.push(list, text::NO_LIST);
            }
            Meta::List(list) if list.tokens.is_empty() => errors.push(list, text::EMPTY_LIST),
            Meta::List(list) => place.read(list.tokens.clone(), &mut keys, errors),
            Meta::NameValue(assigned) => errors.push(assigned, text::NO_LIST),
        }
    }
    keys
}
