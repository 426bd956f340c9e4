//! What `after` and `order` make of the fields.

use super::random::Random;
use crate::shutdown;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// Fields that wait for each other at random: refused where each of some waits for the next, by names or by
/// orders, and else written down so that each stands behind those that it waits for.
#[test]
fn random_graphs_are_sorted_or_refused() {
    const FIELDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let pairs = || (0..6).flat_map(|i| (0..6).map(move |j| (i, j)));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut refused = 0;
    for _ in 0..2_000 {
        let orders = FIELDS.map(|_| (random.below(2) == 0).then(|| random.below(3)));
        let after = FIELDS.map(|_| FIELDS.map(|_| random.below(12) == 0));
        let order_of = |i: usize| match orders[i] {
            None if after[i].contains(&true) => None,
            order => Some(order.unwrap_or(0)),
        };
        let mut fields = TokenStream::new();
        let mut waits = after;
        // Of a name for itself, or against the orders.
        let mut is_wrong = false;
        for (i, field) in FIELDS.into_iter().enumerate() {
            let named = (0..6).filter(|&j| after[i][j]);
            let named = named.map(|j| Ident::new(FIELDS[j], Span::call_site()));
            let named: Vec<_> = named.collect();
            let field = Ident::new(field, Span::call_site());
            let order = order_of(i)
                .map(Literal::usize_unsuffixed)
                .map(|order| quote!(order = #order,));
            let after = (!named.is_empty()).then(|| quote!(after(#(#named),*)));
            fields.extend(quote!(#[shutdown(drop, #order #after)] #field: u8,));
        }
        for (i, j) in pairs() {
            let (own, other) = (order_of(i), order_of(j));
            let both = own.zip(other);
            is_wrong |= waits[i][j] && (i == j || both.is_some_and(|(own, other)| other >= own));
            waits[i][j] |= both.is_some_and(|(own, other)| other < own);
        }
        for k in 0..6 {
            for (i, j) in pairs() {
                waits[i][j] |= waits[i][k] && waits[k][j];
            }
        }
        let in_cycle = (0..6).any(|i| waits[i][i]);
        let expansion = shutdown::derive(quote!(struct App { #fields })).to_string();
        let is_refused = expansion.contains("compile_error");
        assert_eq!(is_refused, is_wrong || in_cycle, "{fields}");
        refused += usize::from(is_refused);
        if !is_refused {
            let at = |i: usize| expansion.find(&format!(":: step (\"{}\"", FIELDS[i]));
            for (i, j) in pairs() {
                assert!(!waits[i][j] || at(j) < at(i), "{fields}: {expansion}");
            }
        }
    }
    assert!((500..1500).contains(&refused), "{refused}");
}
