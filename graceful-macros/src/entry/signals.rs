//! `signals(SIGINT, SIGTERM)`.

use crate::error::{Errors, text};
use crate::list::{Grammar, Key, Seen, Takes};
use proc_macro2::TokenStream;

/// Variants of `graceful::Signal`.
type Variants = Vec<&'static str>;

macro_rules! signal {
    ($name:literal, $variant:literal) => {
        Key {
            name: $name,
            example: $name,
            takes: Takes::Nothing(|variants: &mut Variants| variants.push($variant)),
        }
    };
}

static SIGNALS: Grammar<Variants> = Grammar {
    noun: "signal",
    keys: &[
        signal!("SIGINT", "Interrupt"),
        signal!("SIGTERM", "Terminate"),
        signal!("SIGHUP", "Hangup"),
        signal!("SIGQUIT", "Quit"),
    ],
    hint: |word| matches!(word, "SIGKILL" | "SIGSTOP").then(|| text::uncatchable(word)),
    ignore_case: false,
};

pub(crate) fn read(list: TokenStream, errors: &mut Errors) -> Variants {
    let mut variants = Variants::new();
    SIGNALS.read(list, &mut variants, &mut Seen::default(), errors);
    variants
}
