//! Whatever is written, there is an answer.

use super::main;
use crate::entry;
use crate::kind::Kind;
use crate::shutdown;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

#[test]
fn random_tokens_never_panic() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..10_000 {
        let (a, b, c) = (random.stream(3), random.stream(3), random.stream(3));
        shutdown::derive(
            quote!(#[shutdown(#a)] struct App { #[shutdown(#b)] x: u8, #[shutdown #c] y: T }),
        );
        shutdown::derive(a.clone());
        main(a.clone(), &quote!(async fn main() { #b }));
        main(quote!(#b), &quote!(#a async fn #c));
        entry::expand(c, &a, Kind::Test, false);
    }
}

/// Xorshift: the same streams in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }

    fn stream(&mut self, depth: usize) -> TokenStream {
        (0..self.below(6)).map(|_| self.tree(depth)).collect()
    }

    fn tree(&mut self, depth: usize) -> TokenTree {
        const WORDS: [&str; 24] = [
            "order",
            "timeout",
            "method",
            "with",
            "name",
            "drop",
            "skip",
            "crate",
            "flavor",
            "signals",
            "SIGINT",
            "worker_threads",
            "report",
            "fn",
            "async",
            "struct",
            "enum",
            "union",
            "main",
            "shutdown",
            "self",
            "Self",
            "move",
            "x",
        ];
        const TEXTS: [&str; 8] = [
            "5s",
            "",
            "1.5s",
            "local",
            "a::b",
            "5 parsecs",
            "99999999999999999999h",
            "ü",
        ];
        let kinds = if depth == 0 { 4 } else { 6 };
        match self.below(kinds) {
            0 => Ident::new(WORDS[self.below(WORDS.len())], Span::call_site()).into(),
            1 => {
                let spacing = [Spacing::Alone, Spacing::Joint][self.below(2)];
                let chars = [
                    '=', ',', ';', ':', '.', '|', '<', '>', '&', '#', '!', '-', '?', '$', '*',
                ];
                Punct::new(chars[self.below(chars.len())], spacing).into()
            }
            2 => Literal::string(TEXTS[self.below(TEXTS.len())]).into(),
            3 => match self.below(4) {
                0 => Literal::u32_unsuffixed(5).into(),
                1 => Literal::u8_suffixed(5).into(),
                2 => Literal::f64_unsuffixed(1.5).into(),
                _ => Literal::character('5').into(),
            },
            _ => {
                let delimiters = [
                    Delimiter::Parenthesis,
                    Delimiter::Brace,
                    Delimiter::Bracket,
                    Delimiter::None,
                ];
                let delimiter = delimiters[self.below(4)];
                Group::new(delimiter, self.stream(depth - 1)).into()
            }
        }
    }
}
