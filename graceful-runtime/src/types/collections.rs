//! Values in other values: each is closed as what it holds.

use crate::context::Context;
use crate::outcome::Result;
use crate::plan::{Plan, Step};
use crate::shutdown::{Close, Parts, Shutdown, Watch};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Display;
use std::hash::BuildHasher;

/// Nothing to close where it is `None`.
impl<S: Shutdown> Shutdown for Option<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.__graceful_close(None).run(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        self.map_or_else(|| Close::nothing(()), |value| value.__graceful_close(watch))
    }
}

impl<S: Shutdown> Shutdown for Box<S> {
    const PLAN: Plan = S::PLAN;
    const __GRACEFUL_NESTED: &'static Plan = S::__GRACEFUL_NESTED;

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        (*self).shutdown(cx)
    }

    fn __graceful_close(self, watch: Option<&Watch>) -> Close {
        (*self).__graceful_close(watch)
    }
}

pub(super) fn by_index<S>(
    items: impl IntoIterator<Item = S>,
) -> impl Iterator<Item = (Cow<'static, str>, S)> {
    let numbered = items.into_iter().enumerate();
    numbered.map(|(i, item)| (Cow::Owned(i.to_string()), item))
}

pub(super) fn by_key<K: Display, S>(
    items: impl IntoIterator<Item = (K, S)>,
) -> impl Iterator<Item = (Cow<'static, str>, S)> {
    items
        .into_iter()
        .map(|(key, item)| (Cow::Owned(key.to_string()), item))
}

macro_rules! collections {
    ($($(#[$doc:meta])* [$($generics:tt)*] $ty:ty: $named:ident of $item:ident;)*) => {$(
        $(#[$doc])*
        impl<$($generics)*> Shutdown for $ty {
            const PLAN: Plan = $item::PLAN;
            const __GRACEFUL_NESTED: &'static Plan = $item::__GRACEFUL_NESTED;

            fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
                self.__graceful_close(None).run(cx)
            }

            fn __graceful_close(self, watch: Option<&Watch>) -> Close {
                each($named(self), watch)
            }
        }
    )*};
}

collections! {
    /// All at the same time.
    [S: Shutdown] Vec<S>: by_index of S;
    /// All at the same time.
    [S: Shutdown] VecDeque<S>: by_index of S;
    /// All at the same time.
    [S: Shutdown, const N: usize] [S; N]: by_index of S;
    /// All at the same time, named by their keys.
    [K: Display + Send + 'static, V: Shutdown, S: BuildHasher + Send + 'static] HashMap<K, V, S>: by_key of V;
    /// All at the same time, named by their keys.
    [K: Display + Send + 'static, S: Shutdown] BTreeMap<K, S>: by_key of S;
}

fn each<S: Shutdown>(
    items: impl Iterator<Item = (Cow<'static, str>, S)>,
    watch: Option<&Watch>,
) -> Close {
    Parts::each(items, |name, item| {
        let watch = watch.map(|watch| watch.below(name));
        item.__graceful_close(watch.as_ref())
    })
}

macro_rules! tuple {
    ($($name:ident $index:tt)*) => {
        /// One after the other, as the fields of a struct.
        impl<$($name: Shutdown),*> Shutdown for ($($name,)*) {
            const PLAN: Plan = Plan::new(
                "tuple",
                &[$(Step::new(stringify!($index)).order($index).plan($name::PLAN)),*],
            );

            fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
                self.__graceful_close(None).run(cx)
            }

            fn __graceful_close(self, watch: Option<&Watch>) -> Close {
                let mut parts = Parts::new(Self::PLAN, watch);
                $(parts.close(self.$index);)*
                parts.whole()
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0 B 1);
tuple!(A 0 B 1 C 2);
tuple!(A 0 B 1 C 2 D 3);
tuple!(A 0 B 1 C 2 D 3 E 4);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
