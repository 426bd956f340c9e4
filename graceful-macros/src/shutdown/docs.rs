//! The plan as rustdoc shows it, on the impl.

use crate::shutdown::state::{Body, How, State, Step};
use crate::tokens::path_name;
use crate::types::{self, WRAPPERS, is_called, parts};
use std::fmt::Write;
use syn::{Type, TypeParam};

/// A table for a struct, or one for each variant.
pub(crate) fn plan(state: &State<'_>) -> String {
    let tables = state.bodies.iter().map(|body| match body.variant {
        Some(_) => format!("{}:\n\n{}", code(&body.name), table(body, state)),
        None => table(body, state),
    });
    let mut docs: String = tables.collect();
    if let Some(budget) = &state.budget {
        // What is written to a `String` arrives.
        let _ = write!(docs, "In all at most {}.", budget.value);
    }
    docs.trim_end().to_owned()
}

fn table(body: &Body<'_>, state: &State<'_>) -> String {
    if body.steps.is_empty() {
        return "Nothing is closed.\n\n".to_owned();
    }
    let has_edges = body.steps.iter().any(|step| !step.after.is_empty());
    let (title, rule) = if has_edges {
        (" after |", " --- |")
    } else {
        ("", "")
    };
    let mut table = format!(
        "| order | field | closed by | at most |{title}\n| --- | --- | --- | --- |{rule}\n"
    );
    for step in &body.steps {
        let order = if step.is_last() {
            Some("last".to_owned())
        } else {
            step.order.map(|order| order.to_string())
        };
        let most = step.timeout().map(|limit| limit.value.to_string());
        let _ = write!(
            table,
            "| {} | {} | {} | {} |",
            order.unwrap_or_default(),
            code(step.field.name()),
            closed_by(step, state),
            most.unwrap_or_default(),
        );
        if has_edges {
            let names: Vec<_> = step.after.iter().map(|name| code(name)).collect();
            let _ = write!(table, " {} |", names.join(", "));
        }
        table.push('\n');
    }
    table.push('\n');
    table
}

fn closed_by(step: &Step<'_>, state: &State<'_>) -> String {
    let its_own = || match nested(step.field.ty, state) {
        Some(ty) => format!("[{}]", code(&ty)),
        None => "its `Shutdown`".to_owned(),
    };
    let mut closed_by = match step.how() {
        How::Shutdown => its_own(),
        How::Critical => its_own() + ", critical",
        How::Method(method) => code(&method.shown()),
        How::With(_) => "a function".to_owned(),
        How::Drop => "its drop".to_owned(),
        How::Own => "its `Shutdown`, else its drop".to_owned(),
    };
    if step.at_request().is_some() {
        closed_by += ", after a function at the request";
    }
    if let Some(method) = step.force() {
        closed_by = closed_by + ", then by " + &code(&method.shown());
    }
    closed_by
}

/// The path of the type whose own plan stands in this field's place.
fn nested(ty: &Type, state: &State<'_>) -> Option<String> {
    let path = types::path(ty)?;
    if let (true, [inside, ..]) = (is_called(ty, &WRAPPERS), parts(ty).as_slice()) {
        return nested(inside, state);
    }
    let is_parameter = |param: &TypeParam| path.is_ident(&param.ident);
    if path.is_ident("Self") || state.generics.type_params().any(is_parameter) {
        return None;
    }
    Some(path_name(path))
}

/// In backticks, in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use crate::shutdown::derive;
    use proc_macro2::{Delimiter, Group};
    use quote::quote;

    #[test]
    fn a_field_leads_to_the_plan_of_what_it_holds() {
        let fragment = Group::new(Delimiter::None, quote!(Db));
        for (ty, closed_by) in [
            (quote!(Db), "[`Db`]"),
            (quote!(#fragment), "[`Db`]"),
            (quote!(store::Db), "[`store::Db`]"),
            (quote!(Db<T>), "[`Db`]"),
            (quote!(Arc<Mutex<Option<Db>>>), "[`Db`]"),
            (quote!(VecDeque<store::Db>), "[`store::Db`]"),
            (quote!(HashMap<Key, Db>), "[`HashMap`]"),
            (quote!(T), "its `Shutdown`"),
            (quote!(Vec<T>), "its `Shutdown`"),
            (quote!(<T as Pool>::Connection), "its `Shutdown`"),
            (quote!([Db; 2]), "its `Shutdown`"),
        ] {
            let expansion = derive(quote!(struct App<T> { #[shutdown] field: #ty })).to_string();
            let row = format!("| `field` | {closed_by} |");
            assert!(expansion.contains(&row), "{ty}: {expansion}");
        }
    }
}
