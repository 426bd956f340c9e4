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
    /// A path to a `Duration` or a `&str`, which the compiler reads, and proves.
    Constant {
        path: ExprPath,
        may_be_zero: bool,
    },
}

impl Limit {
    /// What is known before the compiler has read any constant.
    pub(crate) fn known(&self) -> Option<Duration> {
        match self {
            Self::Words(duration) => Some(*duration),
            Self::Constant { .. } => None,
        }
    }

    /// A `Duration`, for a place where constants are evaluated.
    pub(crate) fn duration(&self) -> TokenStream {
        self.duration_where(ExprPath::to_token_stream)
    }

    /// The same for a place where a constant's path is written so. What is wrong with the constant is told where it is named.
    pub(crate) fn duration_where(
        &self,
        written: impl FnOnce(&ExprPath) -> TokenStream,
    ) -> TokenStream {
        let (path, may_be_zero) = match self {
            Self::Words(words) => return duration(words),
            Self::Constant { path, may_be_zero } => (written(path), *may_be_zero),
        };
        let constant = blamed(&path, quote!(__graceful::constant), path.clone());
        let read = blamed(&path, quote!(.read), TokenStream::new());
        let duration = quote!(#constant #read);
        if may_be_zero {
            return duration;
        }
        blamed(&path, quote!(__graceful::longer_than_zero), duration)
    }
}

/// A `Duration`, for any other place.
impl ToTokens for Limit {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let duration = self.duration();
        tokens.extend(match self {
            Self::Words(_) => duration,
            Self::Constant { .. } => quote!(const { #duration }),
        });
    }
}

/// As people read it.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(duration) => Written(*duration).fmt(f),
            Self::Constant { path, .. } => {
                let path = path.to_token_stream().to_string();
                write!(f, "`{}`", path.replace(' ', ""))
            }
        }
    }
}
