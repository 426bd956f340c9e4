//! Kinds of types, told apart by the compiler: specialization on stable Rust.
//!
//! A method call looks through as many references as it has to, so of several traits with the same method that of the
//! receiver with the most references is found first, where its bounds hold.

/// A trait for each kind, whose method gives what stands for it. Those with more references come first.
macro_rules! kinds {
    ($method:ident: $($(#[$doc:meta])* $kind:ident gives $tag:ident for [$($generics:tt)*] $receiver:ty;)*) => {$(
        $(#[$doc])*
        pub trait $kind {
            /// The kind.
            fn $method(&self) -> $tag {
                $tag
            }
        }

        impl<$($generics)*> $kind for $receiver {}
    )*};
}
pub(crate) use kinds;
