//! Types of other crates that are known to need a close, by their names alone: nothing here depends on those crates.
//!
//! A name is in the table where hardly anything else is called so, or with as much of its path as that takes. A type of
//! the user's own with such a name is asked for its traits first, and says `skip` where it has nothing to close.

use crate::types::{self, contents, is_called};
use syn::{Path, Type};

/// A line of the table.
struct Known {
    /// How paths to the types end.
    names: &'static [&'static str],
    takes: Takes,
    /// What closes them: `last` where they carry what is said at the end.
    keys: &'static str,
}

/// What the close is given.
enum Takes {
    /// A reference: also to what is in an `Arc`.
    Reference,
    /// The value itself, or one that nobody else holds.
    Value,
    /// What the field holds, as its closure expects it.
    Field,
    /// Whatever the value is in.
    Any,
}

macro_rules! table {
    ($($takes:ident $keys:literal: $($name:literal)*;)*) => {
        &[$(Known { names: &[$($name),*], takes: Takes::$takes, keys: $keys }),*]
    };
}

/// Each with the close that its released source has.
const TABLE: &[Known] = table! {
    // Databases.
    Reference "method = close": "PgPool" "MySqlPool" "SqlitePool" "AnyPool" "sqlx::Pool";
    Reference "method = close_by_ref": "DatabaseConnection";
    Reference "method = close": "deadpool_postgres::Pool" "deadpool_redis::Pool";
    Value "method = disconnect": "mysql_async::Pool";
    Value "method = close": "tokio_rusqlite::Connection";
    Reference "method = flush_async": "sled::Db";
    Field "with = |client, _| async move { client.shutdown().await }": "mongodb::Client";
    Value "method = end": "inserter::Inserter";
    // Brokers. A producer that is dropped throws away what it has not sent; a consumer leaves its group.
    Field "with = |producer, cx| producer.flush(cx.remaining())":
        "FutureProducer" "BaseProducer" "ThreadedProducer";
    Any "drop": "StreamConsumer" "BaseConsumer";
    // Its `drain` asks for its end, and returns at once.
    Field "with = |client, _| async move { let drained = client.drain().await; \
        while client.flush().await.is_ok() { tokio::time::sleep(tokio::time::Duration::from_millis(2)).await } drained }":
        "async_nats::Client";
    Reference "method = close(200, \"OK\".into())": "lapin::Connection";
    Reference "method = disconnect": "rumqttc::AsyncClient";
    Value "method = graceful_shutdown": "zbus::Connection";
    // Servers and connections.
    Value "method = shutdown": "GracefulShutdown";
    // It tells the server, and returns at once.
    Field "with = |handle, cx| async move { handle.graceful_shutdown(Some(cx.remaining())); \
        while handle.connection_count() > 0 { tokio::time::sleep(tokio::time::Duration::from_millis(10)).await } }":
        "axum_server::Handle";
    Reference "method = stop(true)": "dev::ServerHandle" "actix_server::ServerHandle";
    Field "with = |endpoint, _| async move { endpoint.close(0u8.into(), b\"\"); endpoint.wait_idle().await }":
        "quinn::Endpoint";
    Reference "method = close": "iroh::Endpoint";
    Value "method = close(None)": "WebSocketStream";
    Reference "method = shutdown": "AsyncSmtpTransport";
    Reference "method = shutdown_all": "ShardManager";
    // Work.
    Value "method = shutdown": "JobScheduler";
    Value "method = shutdown_background": "runtime::Runtime";
    Field "with = |mut tasks, _| async move { while tasks.join_next().await.is_some() {} }":
        "JoinMap" "JoinQueue";
    // Files.
    Value "method = close": "TempDir" "NamedTempFile" "TempPath";
    // What carries the last words.
    Any "last": "WorkerGuard" "ClientInitGuard" "FlushGuard";
    Reference "last, method = shutdown": "SdkTracerProvider" "SdkMeterProvider" "SdkLoggerProvider";
    Field "last, with = |_, _| ratatui::restore()": "DefaultTerminal";
};

/// A type in the table that a field holds, and what is around it.
pub(crate) struct Found<'a> {
    pub(crate) ty: &'a Type,
    /// What the table calls it.
    pub(crate) name: &'static str,
    known: &'static Known,
    /// An `Option` outside of all else, which a method is looked for in.
    optional: bool,
    /// An `Arc`.
    shared: bool,
    /// Something that has to be opened first, or that holds several.
    apart: bool,
}

impl Found<'_> {
    /// What to write where the type stands alone.
    pub(crate) fn line(&self) -> String {
        format!("#[shutdown({})]", self.known.keys)
    }

    /// Whether that is what to write on the field too.
    pub(crate) fn fits(&self) -> bool {
        match self.known.takes {
            Takes::Reference => !self.apart,
            Takes::Value => !self.apart && !self.shared,
            Takes::Field => !self.apart && !self.optional,
            Takes::Any => true,
        }
    }

    /// Whether it carries what is said at the end.
    pub(crate) fn is_last(&self) -> bool {
        self.known.keys.starts_with("last")
    }
}

/// Looks through what holds others, and not into what only names them (`PhantomData<PgPool>`, `fn() -> PgPool`).
pub(crate) fn find(ty: &Type) -> Option<Found<'_>> {
    match contents(ty).as_slice() {
        [inside] if is_called(ty, &["Option"]) => Some(Found {
            optional: true,
            ..search(inside)?
        }),
        _ => search(ty),
    }
}

fn search(ty: &Type) -> Option<Found<'_>> {
    if let Some(found) = types::path(ty).and_then(|path| called(path, ty)) {
        return Some(found);
    }
    let mut found = contents(ty).into_iter().find_map(search)?;
    if is_called(ty, &["Arc"]) {
        found.shared = true;
    } else if !is_called(ty, &["Box"]) {
        found.apart = true;
    }
    Some(found)
}

/// The line of the table that has the end of this path.
fn called<'a>(path: &Path, ty: &'a Type) -> Option<Found<'a>> {
    TABLE.iter().find_map(|known| {
        let mut names = known.names.iter();
        let name = *names.find(|name| ends_in(path, name))?;
        Some(Found {
            ty,
            name,
            known,
            optional: false,
            shared: false,
            apart: false,
        })
    })
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
        let line = found.fits().then(|| found.line());
        Some(line.unwrap_or_else(|| "...".to_owned()))
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
