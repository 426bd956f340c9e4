//! Types of other crates that are known to need a close, by their names alone: nothing here depends on those crates.
//!
//! A name is in the table where hardly anything else is called so, or with as much of its path as that takes. A type of
//! the user's own with such a name is asked for its traits first, and says `skip` where it has nothing to close.

use crate::shutdown::state::WRAPPERS;
use crate::types::{self, arguments, is_called, last_segment, ungrouped};
use syn::{Path, Type};

/// A line of the table.
pub(crate) struct Known {
    /// How paths to the types end.
    names: &'static [&'static str],
    closed_by: ClosedBy,
    /// Whether it carries what is said at the end, and is closed after that.
    last: bool,
}

enum ClosedBy {
    /// Of a reference: also in an `Arc`.
    Method(&'static str),
    /// Of the value itself, or of one that nobody else holds.
    OwnMethod(&'static str),
    Closure(&'static str),
    Drop,
}

const fn method(names: &'static [&'static str], method: &'static str) -> Known {
    Known::new(names, ClosedBy::Method(method))
}

const fn own_method(names: &'static [&'static str], method: &'static str) -> Known {
    Known::new(names, ClosedBy::OwnMethod(method))
}

const fn with(names: &'static [&'static str], closure: &'static str) -> Known {
    Known::new(names, ClosedBy::Closure(closure))
}

const fn dropped(names: &'static [&'static str]) -> Known {
    Known::new(names, ClosedBy::Drop)
}

/// Each with the close that its released source has.
const TABLE: &[Known] = &[
    // Databases.
    method(
        &["PgPool", "MySqlPool", "SqlitePool", "AnyPool", "sqlx::Pool"],
        "close",
    ),
    method(&["DatabaseConnection"], "close_by_ref"),
    method(
        &["deadpool_postgres::Pool", "deadpool_redis::Pool"],
        "close",
    ),
    own_method(&["mysql_async::Pool"], "disconnect"),
    own_method(&["tokio_rusqlite::Connection"], "close"),
    method(&["sled::Db"], "flush_async"),
    with(
        &["mongodb::Client"],
        "|client, _| async move { client.shutdown().await }",
    ),
    own_method(&["inserter::Inserter"], "end"),
    // Brokers. A producer that is dropped throws away what it has not sent; a consumer leaves its group.
    with(
        &["FutureProducer", "BaseProducer", "ThreadedProducer"],
        "|producer, cx| producer.flush(cx.remaining())",
    ),
    dropped(&["StreamConsumer", "BaseConsumer"]),
    // Its `drain` asks for its end, and returns at once.
    with(
        &["async_nats::Client"],
        "|client, _| async move { let drained = client.drain().await; \
         while client.flush().await.is_ok() { tokio::time::sleep(tokio::time::Duration::from_millis(2)).await } drained }",
    ),
    method(&["lapin::Connection"], "close(200, \"OK\".into())"),
    method(&["rumqttc::AsyncClient"], "disconnect"),
    own_method(&["zbus::Connection"], "graceful_shutdown"),
    // Servers and connections.
    own_method(&["GracefulShutdown"], "shutdown"),
    // It tells the server, and returns at once.
    with(
        &["axum_server::Handle"],
        "|handle, cx| async move { handle.graceful_shutdown(Some(cx.remaining())); \
         while handle.connection_count() > 0 { tokio::time::sleep(tokio::time::Duration::from_millis(10)).await } }",
    ),
    method(
        &["dev::ServerHandle", "actix_server::ServerHandle"],
        "stop(true)",
    ),
    with(
        &["quinn::Endpoint"],
        "|endpoint, _| async move { endpoint.close(0u8.into(), b\"\"); endpoint.wait_idle().await }",
    ),
    method(&["iroh::Endpoint"], "close"),
    own_method(&["WebSocketStream"], "close(None)"),
    method(&["AsyncSmtpTransport"], "shutdown"),
    method(&["ShardManager"], "shutdown_all"),
    // Work.
    own_method(&["JobScheduler"], "shutdown"),
    own_method(&["runtime::Runtime"], "shutdown_background"),
    with(
        &["JoinMap", "JoinQueue"],
        "|mut tasks, _| async move { while tasks.join_next().await.is_some() {} }",
    ),
    // Files.
    own_method(&["TempDir", "NamedTempFile", "TempPath"], "close"),
    // What carries the last words.
    dropped(&["WorkerGuard", "ClientInitGuard", "FlushGuard"]).last(),
    method(
        &["SdkTracerProvider", "SdkMeterProvider", "SdkLoggerProvider"],
        "shutdown",
    )
    .last(),
    with(&["DefaultTerminal"], "|_, _| ratatui::restore()").last(),
];

impl Known {
    const fn new(names: &'static [&'static str], closed_by: ClosedBy) -> Self {
        Self {
            names,
            closed_by,
            last: false,
        }
    }

    const fn last(mut self) -> Self {
        self.last = true;
        self
    }

    /// What to write on a field that is held so; none where the close takes a function of the user's.
    fn keys(&self, held: Held) -> Option<String> {
        let fits = match self.closed_by {
            ClosedBy::Method(_) => !held.apart,
            ClosedBy::OwnMethod(_) => !held.apart && !held.shared,
            ClosedBy::Closure(_) => !held.apart && !held.optional,
            ClosedBy::Drop => true,
        };
        fits.then(|| self.alone())
    }

    /// What to write on a field of the type itself.
    fn alone(&self) -> String {
        let close = match self.closed_by {
            ClosedBy::Method(method) | ClosedBy::OwnMethod(method) => format!("method = {method}"),
            ClosedBy::Closure(closure) => format!("with = {closure}"),
            // What is last is dropped by that.
            ClosedBy::Drop if self.last => return "#[shutdown(last)]".to_owned(),
            ClosedBy::Drop => "drop".to_owned(),
        };
        let last = if self.last { "last, " } else { "" };
        format!("#[shutdown({last}{close})]")
    }
}

/// What is around a type.
#[derive(Clone, Copy, Default)]
struct Held {
    /// An `Option` outside of all else, which a method is looked for in.
    optional: bool,
    /// An `Arc`.
    shared: bool,
    /// Something that has to be opened first, or that holds several.
    apart: bool,
}

/// A type in the table that a field holds.
pub(crate) struct Found<'a> {
    pub(crate) ty: &'a Type,
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// What to write on the field, where that is known.
    pub(crate) field: Option<String>,
    /// What to write where the type stands alone.
    pub(crate) alone: String,
    /// Whether it carries what is said at the end.
    pub(crate) last: bool,
}

/// Looks through what holds others, and not into what only names them (`PhantomData<PgPool>`, `fn() -> PgPool`).
pub(crate) fn find(ty: &Type) -> Option<Found<'_>> {
    let (ty, known, name, held) = search(ty, Held::default(), true)?;
    Some(Found {
        ty,
        name,
        field: known.keys(held),
        alone: known.alone(),
        last: known.last,
    })
}

fn search(
    ty: &Type,
    held: Held,
    outermost: bool,
) -> Option<(&Type, &'static Known, &'static str, Held)> {
    let apart = Held {
        apart: true,
        ..held
    };
    match ungrouped(ty) {
        Type::Array(array) => return search(&array.elem, apart, false),
        Type::Paren(paren) => return search(&paren.elem, held, outermost),
        Type::Tuple(tuple) => {
            let mut elems = tuple.elems.iter();
            return elems.find_map(|elem| search(elem, apart, false));
        }
        _ => {}
    }
    let path = types::path(ty)?;
    let found = TABLE.iter().find_map(|known| {
        let mut names = known.names.iter();
        let name = names.find(|name| ends_in(path, name))?;
        Some((ty, known, *name, held))
    });
    if found.is_some() {
        return found;
    }
    let holds_several = is_called(ty, &WRAPPERS) || is_called(ty, &["BTreeMap", "HashMap"]);
    let inside = if is_called(ty, &["Box"]) {
        held
    } else if is_called(ty, &["Arc"]) {
        Held {
            shared: true,
            ..held
        }
    } else if outermost && is_called(ty, &["Option"]) {
        Held {
            optional: true,
            ..held
        }
    } else if holds_several {
        apart
    } else {
        return None;
    };
    let mut types = last_segment(ty).into_iter().flat_map(arguments);
    types.find_map(|ty| search(ty, inside, false))
}

/// Whether a path ends in these words.
fn ends_in(path: &Path, words: &str) -> bool {
    let mut segments = path.segments.iter().rev();
    let mut words = words.rsplit("::");
    words.all(|word| segments.next().is_some_and(|segment| segment.ident == word))
}

#[cfg(test)]
mod tests {
    use super::{TABLE, find};
    use proc_macro2::TokenStream;
    use quote::quote;
    use std::collections::HashSet;

    fn written(ty: &TokenStream) -> Option<String> {
        let ty = syn::parse2(ty.clone()).unwrap();
        let found = find(&ty)?;
        Some(found.field.unwrap_or_else(|| "...".to_owned()))
    }

    #[test]
    fn a_line_fits_what_the_type_is_held_in() {
        let close = "#[shutdown(method = close)]";
        for (ty, expected) in [
            (quote!(PgPool), close),
            (quote!(::sqlx::PgPool), close),
            (quote!(sqlx::Pool<Postgres>), close),
            (quote!(Arc<PgPool>), close),
            (quote!(Box<PgPool>), close),
            (quote!(Option<Arc<PgPool>>), close),
            (quote!((PgPool)), close),
            (quote!(Vec<PgPool>), "..."),
            (quote!([PgPool; 2]), "..."),
            (quote!((u8, PgPool)), "..."),
            (quote!(Mutex<Option<PgPool>>), "..."),
            (quote!(HashMap<Id, Arc<PgPool>>), "..."),
            (quote!(Option<Option<PgPool>>), "..."),
            (quote!(Option<TempDir>), close),
            (quote!(Arc<TempDir>), "..."),
            (quote!(Option<quinn::Endpoint>), "..."),
            (quote!(Arc<StreamConsumer>), "#[shutdown(drop)]"),
            (quote!(Vec<Box<WorkerGuard>>), "#[shutdown(last)]"),
            (
                quote!(Option<SdkTracerProvider>),
                "#[shutdown(last, method = shutdown)]",
            ),
        ] {
            assert_eq!(written(&ty).as_deref(), Some(expected), "{ty}");
        }
    }

    #[test]
    fn what_only_names_a_type_or_is_called_like_it_is_not_blamed() {
        for ty in [
            quote!(Pool<Postgres>),
            quote!(bb8::Pool<M>),
            quote!(PgPoolOptions),
            quote!(PgPool::Options),
            quote!(PhantomData<PgPool>),
            quote!(Weak<PgPool>),
            quote!(fn() -> PgPool),
            quote!(Box<dyn Fn() -> PgPool>),
            quote!(<PgPool as Of>::Pool),
            quote!(Endpoint),
            quote!(MutexGuard<'static, WorkerGuard>),
            quote!(WorkerGuards),
            quote!(Repository<PgPool>),
        ] {
            assert_eq!(written(&ty), None, "{ty}");
        }
    }

    #[test]
    fn no_name_stands_twice() {
        let names = TABLE.iter().flat_map(|known| known.names);
        let mut seen = HashSet::new();
        assert!(names.copied().all(|name| seen.insert(name)));
    }
}
