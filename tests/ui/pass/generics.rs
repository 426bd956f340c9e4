//! Bounds come from the fields that mention a parameter, and only from those.

#![deny(warnings)]

use graceful::{Context, Result, Shutdown};
use std::fmt::Debug;
use std::marker::PhantomData;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Leaf;

#[derive(Shutdown)]
struct Inferred<T>(#[shutdown] T);

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Skipped<T> {
    #[shutdown(skip)]
    value: T,
    nothing: PhantomData<T>,
}

trait Pool {
    type Connection;
}

#[derive(Shutdown)]
struct Projected<P: Pool> {
    #[shutdown]
    connection: P::Connection,
    #[shutdown(drop)]
    other: <P as Pool>::Connection,
    pool: PhantomData<P>,
}

#[derive(Shutdown)]
struct Defaults<T = Leaf, const N: usize = 3> {
    #[shutdown]
    all: [T; N],
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Lifetimes<'a, 'b: 'a, T: 'a> {
    #[shutdown(skip)]
    name: &'a str,
    other: &'b T,
}

#[derive(Shutdown)]
struct Clauses<F, Fut, S, E, Output>
where
    Self: Sized,
    F: for<'x> Fn(&'x str) -> &'x str,
    S: Send,
{
    f: F,
    future: Fut,
    #[shutdown]
    s: S,
    e: Option<E>,
    output: Vec<Output>,
}

trait Named {
    type Name;
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct OfSelf<T: Named> {
    #[shutdown(skip)]
    next: Option<Box<Self>>,
    name: T::Name,
}

#[derive(Shutdown)]
struct Method<T: Drain> {
    #[shutdown(method = drain)]
    inner: T,
}

trait Drain {
    fn drain(&mut self) -> impl std::future::Future<Output = std::result::Result<(), String>> + Send;
}

trait Db: Send + Sync {}

struct Stored;

impl Db for Stored {}

impl<D: Db + ?Sized> Drain for std::sync::Arc<D> {
    async fn drain(&mut self) -> std::result::Result<(), String> {
        Ok(())
    }
}

/// Also where the parameter is a `dyn`.
#[derive(Shutdown)]
struct Behind<D: Db + ?Sized> {
    #[shutdown(method = drain)]
    db: std::sync::Arc<D>,
    kept: std::sync::Weak<D>,
}

#[derive(Shutdown)]
struct BehindInWhere<D>
where
    D: Db + ?Sized,
{
    #[shutdown(drop)]
    db: Box<D>,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct N;

/// A parameter that is a number, though there is a type of its name.
#[derive(Shutdown)]
struct NamedLikeAType<const N: usize> {
    #[shutdown]
    all: [Leaf; N],
    #[shutdown]
    one: N,
}

#[derive(Shutdown)]
struct Unsized<T: ?Sized> {
    #[shutdown(drop)]
    name: String,
    tail: T,
}

#[derive(Shutdown)]
enum Either<L, R> {
    Left(#[shutdown] L),
    Right(#[shutdown] R),
}

#[derive(Debug)]
struct NotClosable;

struct Hand;

impl Shutdown for Hand {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

impl Pool for Hand {
    type Connection = Leaf;
}

impl Named for Hand {
    type Name = String;
}

impl Drain for Hand {
    async fn drain(&mut self) -> std::result::Result<(), String> {
        Ok(())
    }
}

fn close(_: impl Shutdown) {}

fn main() {
    close(Inferred(Inferred(Hand)));
    close(Skipped { value: NotClosable, nothing: PhantomData });
    close(Projected::<Hand> { connection: Leaf, other: Leaf, pool: PhantomData });
    close(Defaults::<Leaf> { all: [Leaf, Leaf, Leaf] });
    close(Lifetimes { name: "", other: &NotClosable });
    close(Clauses {
        f: |x: &str| -> &str { x },
        future: (),
        s: Leaf,
        e: None::<u8>,
        output: vec![0_u8],
    });
    close(OfSelf::<Hand> { next: None, name: String::new() });
    close(Method { inner: Hand });
    let db: std::sync::Arc<dyn Db> = std::sync::Arc::new(Stored);
    let kept = std::sync::Arc::downgrade(&db);
    close(Behind { db, kept });
    close(BehindInWhere::<dyn Db> { db: Box::new(Stored) });
    close(NamedLikeAType { all: [Leaf], one: N });
    close(Unsized { name: String::new(), tail: 1 });
    close(Either::<Hand, Leaf>::Left(Hand));
    close(Either::<Hand, Leaf>::Right(Leaf));
    drop(Box::new(NotClosable) as Box<dyn Debug>);
}
