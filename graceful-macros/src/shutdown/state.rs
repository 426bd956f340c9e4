//! The type as it is closed: everything is decided, and no code is written yet.

use crate::keys::Written;
use crate::limit::Limit;
use crate::shutdown::ast::Field;
use crate::shutdown::keys::Method;
use crate::tokens::Facade;
use proc_macro2::Ident;
use syn::{Expr, Generics};

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
    pub(crate) kept: Vec<Field<'a>>,
}

pub(crate) struct Step<'a> {
    pub(crate) field: Field<'a>,
    /// None where it waits for those alone that it names.
    pub(crate) order: Option<u32>,
    /// What those are called in plans.
    pub(crate) after: Vec<String>,
}

/// How a marked field is closed.
pub(crate) enum How<'a> {
    Shutdown,
    /// Also through its own `Shutdown`, and watched until then.
    Critical,
    Method(&'a Method),
    With(&'a Expr),
    Drop,
    /// Through its own `Shutdown`, or by being dropped where it has none.
    Own,
}

impl<'a> State<'a> {
    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step<'a>> {
        self.bodies.iter().flat_map(|body| &body.steps)
    }

    pub(crate) fn kept(&self) -> impl Iterator<Item = &Field<'a>> {
        self.bodies.iter().flat_map(|body| &body.kept)
    }
}

impl Step<'_> {
    /// By the first key that says so; where there are two, that has been reported.
    pub(crate) fn how(&self) -> How<'_> {
        let keys = &self.field.keys;
        match (&keys.critical, &keys.drop, &keys.method, &keys.with) {
            (Some(_), ..) => How::Critical,
            (_, Some(_), ..) => How::Drop,
            (_, _, Some(method), _) => How::Method(&method.value),
            (.., Some(closer)) => How::With(&closer.value),
            _ if self.is_last() => How::Own,
            _ => How::Shutdown,
        }
    }

    /// Whether the field's own type says how it is closed.
    pub(crate) fn has_plan(&self) -> bool {
        matches!(self.how(), How::Shutdown | How::Critical)
    }

    /// Whether it is closed after everything else has been said.
    pub(crate) fn is_last(&self) -> bool {
        self.field.keys.last.is_some()
    }

    /// What is done with it when the stop begins.
    pub(crate) fn at_request(&self) -> Option<&Expr> {
        self.field.keys.at_request.as_ref().map(|act| &act.value)
    }

    /// What closes it near its limit, if it has not ended.
    pub(crate) fn force(&self) -> Option<&Method> {
        self.field.keys.force.as_ref().map(|force| &force.value)
    }

    pub(crate) fn timeout(&self) -> Option<&Written<Limit>> {
        self.field.keys.timeout.as_ref()
    }
}
