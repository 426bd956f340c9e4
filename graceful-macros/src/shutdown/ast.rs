//! The type to derive for, with all that is known before any code is written.

use crate::error::{Errors, text};
use crate::shutdown::attr::{self, How, TypeAttrs};
use crate::shutdown::sequence;
use crate::tokens::{Paths, local};
use crate::value::{Limit, Name};
use proc_macro2::Ident;
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
pub(crate) struct Body<'a> {
    /// Each behind those that it waits for.
    pub(crate) steps: Vec<Step<'a>>,
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
    /// What those are called in plans.
    pub(crate) after: Vec<String>,
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
            Data::Enum(data) => {
                let mut variants = Vec::new();
                for variant in &data.variants {
                    attr::of_variant(&variant.attrs, errors);
                    variants.push(Variant {
                        ident: &variant.ident,
                        name: format!("{name}::{}", variant.ident.unraw()),
                        body: Body::from_syn(&variant.fields, &attrs, errors),
                    });
                }
                Shape::Enum(variants)
            }
            Data::Union(data) => {
                errors.push(&data.union_token, text::UNION);
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

    pub(crate) fn bodies(&self) -> Vec<&Body<'a>> {
        match &self.shape {
            Shape::Struct(body) => vec![body],
            Shape::Enum(variants) => variants.iter().map(|variant| &variant.body).collect(),
        }
    }
}

impl<'a> Body<'a> {
    fn from_syn(fields: &'a Fields, of: &TypeAttrs, errors: &mut Errors) -> Self {
        let mut steps = Vec::new();
        let mut kept = Vec::new();
        let mut names = Names::default();
        // Orders count as the discriminants of an enum do.
        let mut next_order = Some(0);
        for (index, (syn_field, member)) in fields.iter().zip(fields.members()).enumerate() {
            let attrs = attr::of_field(&syn_field.attrs, of, errors);
            let key = match &member {
                Member::Named(ident) => ident.unraw().to_string(),
                Member::Unnamed(index) => index.index.to_string(),
            };
            let field = Field {
                name: match &attrs.name {
                    Some(name) => name.text.clone(),
                    None => key.clone(),
                },
                key,
                member,
                binding: local(&format!("field_{index}")),
                ty: &syn_field.ty,
            };
            if of.exhaustive && !attrs.marked {
                errors.push(place(&field), &text::unmarked(&field.name));
            }
            if !attrs.marked || attrs.skip {
                kept.push(Kept {
                    field,
                    skip: attrs.skip,
                });
                continue;
            }
            let order = match (attrs.order, &attrs.after) {
                // It has no order, and those behind it count on as if it were not there.
                (None, Some(_)) => None,
                (order, _) => {
                    let order = order.or(next_order);
                    if order.is_none() {
                        errors.push(field.ty, text::ORDER_TOO_LARGE);
                    }
                    next_order = order.and_then(|order| order.checked_add(1));
                    order
                }
            };
            let step = Step {
                field,
                order,
                after: Vec::new(),
                timeout: attrs.timeout,
                how: attrs.how,
            };
            names.add(&step.field.name, attrs.name, errors);
            steps.push((step, attrs.after.unwrap_or_default()));
        }
        let steps = sequence::arrange(steps, &kept, errors);
        Self { steps, kept }
    }
}

/// The names of the steps so far, sorted, each with where it was written, if it was.
#[derive(Default)]
struct Names(Vec<(String, Option<Name>)>);

impl Names {
    fn add(&mut self, name: &str, written: Option<Name>, errors: &mut Errors) {
        match self.0.binary_search_by(|(taken, _)| (**taken).cmp(name)) {
            Err(free) => self.0.insert(free, (name.to_owned(), written)),
            // Fields differ, so one of the two was written.
            Ok(taken) => {
                let taken = self.0.get(taken).and_then(|(_, taken)| taken.as_ref());
                let tokens = written.as_ref().or(taken).map(|name| &name.tokens);
                errors.push(&tokens, &text::same_name(name));
            }
        }
    }
}

/// What stands for a field in the source: its name, or its type where it has none.
fn place<'a>(field: &'a Field<'_>) -> &'a dyn ToTokens {
    match &field.member {
        Member::Named(ident) => ident,
        Member::Unnamed(_) => field.ty,
    }
}
