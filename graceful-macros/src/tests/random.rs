//! Token streams of any shape, the same ones in each run.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Xorshift.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }

    pub(super) fn stream(&mut self, depth: usize) -> TokenStream {
        (0..self.below(6)).map(|_| self.tree(depth)).collect()
    }

    pub(super) fn tree(&mut self, depth: usize) -> TokenTree {
        const WORDS: [&str; 28] = [
            "order",
            "after",
            "grace",
            "pre_stop",
            "y",
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
            _ => Group::new(self.delimiter(), self.stream(depth - 1)).into(),
        }
    }

    fn delimiter(&mut self) -> Delimiter {
        let delimiters = [
            Delimiter::Parenthesis,
            Delimiter::Brace,
            Delimiter::Bracket,
            Delimiter::None,
        ];
        delimiters[self.below(4)]
    }

    /// `tokens` with one slip somewhere in them, for which `others` may lend a token.
    pub(super) fn slip(&mut self, tokens: TokenStream, others: &[TokenTree]) -> TokenStream {
        let mut trees: Vec<_> = tokens.into_iter().collect();
        if trees.is_empty() {
            return self.tree(2).into();
        }
        let at = self.below(trees.len());
        if let TokenTree::Group(group) = &trees[at]
            && self.below(5) != 0
        {
            let inside = self.slip(group.stream(), others);
            trees[at] = Group::new(group.delimiter(), inside).into();
            return trees.into_iter().collect();
        }
        match self.below(8) {
            0 => drop(trees.remove(at)),
            1 => trees.insert(at, trees[at].clone()),
            2 => {
                let other = self.below(trees.len());
                trees.swap(at, other);
            }
            3 => trees[at] = self.tree(2),
            4 => trees.insert(at, self.tree(2)),
            5 if !others.is_empty() => trees[at] = others[self.below(others.len())].clone(),
            6 => {
                let wrapped = Group::new(self.delimiter(), trees[at].clone().into());
                trees[at] = wrapped.into();
            }
            _ => trees.truncate(at),
        }
        trees.into_iter().collect()
    }
}
