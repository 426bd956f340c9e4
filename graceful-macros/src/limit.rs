//! How long something may take: in words, or as a constant of the program's says.

use crate::duration::Written;
use crate::tokens::{blamed, duration};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::fmt;
use std::time::Duration;
use syn::ExprPath;

/// What a key for a duration was given.
pub(crate) enum Limit {
    Words(Duration),
    /// Read, and proven, by the compiler.
    Constant(Constant),
}

/// A path to a `Duration` or a `&str`.
pub(crate) struct Constant {
    pub(crate) path: ExprPath,
    pub(crate) may_be_zero: bool,
}

impl Limit {
    /// What is known before the compiler has read any constant.
    pub(crate) fn known(&self) -> Option<Duration> {
        match self {
            Self::Words(duration) => Some(*duration),
            Self::Constant(_) => None,
        }
    }

    /// A `Duration`, for a place where constants are evaluated.
    pub(crate) fn duration(&self) -> TokenStream {
        match self {
            Self::Words(words) => duration(words),
            Self::Constant(constant) => constant.duration(&constant.path.to_token_stream()),
        }
    }

    /// The same for any other place.
    pub(crate) fn value(&self) -> TokenStream {
        let duration = self.duration();
        match self {
            Self::Words(_) => duration,
            Self::Constant(_) => quote!(const { #duration }),
        }
    }
}

impl Constant {
    /// With its path as it is written where the proof stands. What is wrong with the constant is told where it is named.
    pub(crate) fn duration(&self, path: &TokenStream) -> TokenStream {
        let constant = blamed(path, quote!(__graceful::constant), path.clone());
        let read = blamed(path, quote!(.read), TokenStream::new());
        let duration = quote!(#constant #read);
        if self.may_be_zero {
            return duration;
        }
        blamed(path, quote!(__graceful::longer_than_zero), duration)
    }
}

/// As people read it.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(duration) => Written(*duration).fmt(f),
            Self::Constant(constant) => {
                let path = constant.path.to_token_stream().to_string();
                write!(f, "`{}`", path.replace(' ', ""))
            }
        }
    }
}
