//! The type to derive for, with all that is known before any code is written.

use crate::error::{Errors, text};
use crate::shutdown::attr::{self, How, TypeAttrs};
use crate::tokens::{Paths, local};
use crate::value::Limit;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Generics, Member, Type};

pub(crate) struct Input<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) name: String,
    pub(crate) budget: Option<Limit>,
    pub(crate) shared: bool,
    pub(crate) paths: Paths,
    pub(crate) shape: Shape<'a>,
}

pub(crate) enum Shape<'a> {
    Struct(Body<'a>),
    Enum(Vec<Variant<'a>>),
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    pub(crate) body: Body<'a>,
}

/// The fields that stand side by side in a struct or a variant.
#[derive(Default)]
pub(crate) struct Body<'a> {
    /// In the order of their closing.
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) kept: Vec<Kept<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    /// Holds the field once the value is taken apart.
    pub(crate) binding: Ident,
    pub(crate) name: String,
    pub(crate) ty: &'a Type,
}

pub(crate) struct Step<'a> {
    pub(crate) field: Field<'a>,
    pub(crate) order: u32,
    pub(crate) timeout: Option<Limit>,
    pub(crate) how: How,
}

/// A field that outlives the last step.
pub(crate) struct Kept<'a> {
    pub(crate) field: Field<'a>,
    pub(crate) skip: bool,
}

impl<'a> Input<'a> {
    pub(crate) fn from_syn(item: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attrs = attr::of_type(&item.attrs, &item.data, errors);
        let name = item.ident.unraw().to_string();
        let shape = match &item.data {
            Data::Struct(data) => Shape::Struct(Body::from_syn(&data.fields, &attrs, errors)),
            Data::Enum(data) => Shape::Enum(
                data.variants
                    .iter()
                    .map(|variant| {
                        attr::of_variant(&variant.attrs, errors);
                        Variant {
                            ident: &variant.ident,
                            name: format!("{name}::{}", variant.ident.unraw()),
                            body: Body::from_syn(&variant.fields, &attrs, errors),
                        }
                    })
                    .collect(),
            ),
            Data::Union(data) => {
                errors.push(data.union_token, text::UNION);
                // Refused, so never expanded.
                Shape::Enum(Vec::new())
            }
        };
        Self {
            ident: &item.ident,
            generics: &item.generics,
            name,
            paths: Paths::new(attrs.crate_path.as_ref()),
            budget: attrs.budget,
            shared: attrs.shared,
            shape,
        }
    }

    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    pub(crate) fn bodies(&self) -> impl Iterator<Item = &Body<'a>> {
        let (one, many) = match &self.shape {
            Shape::Struct(body) => (Some(body), &[][..]),
            Shape::Enum(variants) => (None, &variants[..]),
        };
        one.into_iter()
            .chain(many.iter().map(|variant| &variant.body))
    }
}

impl<'a> Body<'a> {
    fn from_syn(fields: &'a Fields, of: &TypeAttrs, errors: &mut Errors) -> Self {
        let mut steps = Vec::new();
        let mut kept = Vec::new();
        // Orders count as the discriminants of an enum do.
        let mut next_order = Some(0);
        for (index, (syn_field, member)) in fields.iter().zip(fields.members()).enumerate() {
            let attrs = attr::of_field(&syn_field.attrs, errors);
            let field = Field {
                name: attrs.name.unwrap_or_else(|| match &member {
                    Member::Named(ident) => ident.unraw().to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                }),
                member,
                binding: local(&format!("field_{index}")),
                ty: &syn_field.ty,
            };
            if of.exhaustive && !attrs.marked {
                errors.push(place(&field), text::unmarked(&field.name));
            }
            if !attrs.marked || attrs.skip {
                kept.push(Kept {
                    field,
                    skip: attrs.skip,
                });
                continue;
            }
            let Some(order) = attrs.order.or(next_order) else {
                errors.push(field.ty, text::ORDER_TOO_LARGE);
                continue;
            };
            next_order = order.checked_add(1);
            steps.push(Step {
                field,
                order,
                timeout: attrs.timeout,
                how: attrs.how,
            });
        }
        steps.sort_by_key(|step| step.order);
        Self { steps, kept }
    }
}

/// What stands for a field in the source: its name, or its type where it has none.
fn place(field: &Field<'_>) -> TokenStream {
    match &field.member {
        Member::Named(ident) => ident.to_token_stream(),
        Member::Unnamed(_) => field.ty.to_token_stream(),
    }
}
