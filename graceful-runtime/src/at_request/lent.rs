//! A field with something to do at the request: lent to that, alone or in its whole, and closed in its turn once it is back.

use super::act::Acts;
use crate::context::{Close, CloseFuture, Context, StepClose};
use crate::outcome::Result;
use crate::plan::AT_REQUEST;
use crate::plan::TimeDemand;
use crate::shutdown::{Parts, Shutdown};
use crate::stop::register_at_request;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::oneshot::{self, error::TryRecvError};

/// The field of a step, before its turn.
#[doc(hidden)]
#[must_use = "it is closed by the step that takes it"]
pub struct Lent<T> {
    value: Arc<T>,
    /// Closed once nobody else holds it.
    is_back: oneshot::Receiver<()>,
}

/// The same field, as what is done at the request has it.
#[doc(hidden)]
pub struct Loan<T> {
    value: Arc<T>,
    /// Dropped after the value, which is back then.
    _ends: oneshot::Sender<()>,
}

impl<T> Deref for Loan<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Send + Sync + 'static> Lent<T> {
    fn close<F>(self, close: F) -> Close
    where
        F: FnOnce(T, Context) -> CloseFuture + Send + 'static,
    {
        let Self { value, is_back } = self;
        Close::new(once_back(is_back, |cx| match Arc::into_inner(value) {
            Some(value) => close(value, cx),
            None => unreachable!("nobody else holds it"),
        }))
    }
}

/// Begins a close when what is done at the request has let go of the field.
fn once_back<F>(
    mut is_back: oneshot::Receiver<()>,
    begin: F,
) -> impl FnOnce(Context) -> CloseFuture + Send
where
    F: FnOnce(Context) -> CloseFuture + Send + 'static,
{
    move |cx| {
        if matches!(is_back.try_recv(), Err(TryRecvError::Closed)) {
            // Begun here, where a close may block.
            return begin(cx);
        }
        Box::pin(async move {
            // What is done at the request blocks its thread, and has the field until it lets go.
            cx.progress("waiting for its `at_request`");
            drop(is_back.await);
            begin(cx).await
        })
    }
}

/// A whole whose field is lent.
#[doc(hidden)]
#[must_use = "the field is closed once it is back"]
pub struct OnLoan(oneshot::Receiver<()>);

impl Parts {
    /// Has `act` done at the request, beside what else happens then, with the field of the next step.
    pub fn at_request<T, F, R>(&mut self, value: T, act: F) -> Lent<T>
    where
        T: Send + Sync + 'static,
        F: FnOnce(Loan<T>) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        let value = Arc::new(value);
        let OnLoan(is_back) = self.lend(value.clone(), act);
        Lent { value, is_back }
    }

    /// The same, where others hold the whole that the field is in too.
    pub fn lend<T, F, R>(&mut self, whole: Arc<T>, act: F) -> OnLoan
    where
        T: Send + Sync + 'static,
        F: FnOnce(Loan<T>) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        let (ends, is_back) = oneshot::channel();
        let loan = Loan {
            value: whole,
            _ends: ends,
        };
        register_at_request(&Acts);
        let name = self.next_name();
        self.add_at_request(StepClose {
            name: format!("{name}{AT_REQUEST}").into(),
            order: Some(0),
            after: Vec::new(),
            demand: TimeDemand::OPEN,
            is_state: false,
            close: Close::new(move |_| act(loan)),
        });
        OnLoan(is_back)
    }

    /// The step that was added last closes what is on loan.
    pub fn once_back(&mut self, loan: OnLoan) {
        self.wrap_last(|close| Close::new(once_back(loan.0, |cx| close.begin(cx))));
    }

    /// The next step closes what is lent.
    #[track_caller]
    pub fn close_lent<S: Shutdown + Sync>(&mut self, lent: Lent<S>) {
        self.push(lent.close(|value, cx| value.__graceful_close(None).begin_late(cx)));
    }

    /// The next step calls `close` with what is lent.
    #[track_caller]
    pub fn call_lent<T, F, R>(&mut self, lent: Lent<T>, close: F)
    where
        T: Send + Sync + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        self.push(lent.close(|value, cx| Box::pin(close(value, cx))));
    }

    /// The next step drops what is lent.
    #[track_caller]
    pub fn drop_lent<T: Send + Sync + 'static>(&mut self, lent: Lent<T>) {
        self.call_lent(lent, |value, _| {
            drop(value);
            std::future::ready(Ok(()))
        });
    }
}

impl<T> fmt::Debug for Lent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").finish_non_exhaustive()
    }
}

impl fmt::Debug for OnLoan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnLoan").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Loan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loan").finish_non_exhaustive()
    }
}
