//! The signals that ask the process to stop: listened to, and counted.

mod escalation;
mod inherited;

pub(crate) use escalation::Escalation;
pub(crate) use inherited::listened_to;

use crate::reason::Signal;
use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

/// The installed handlers of the chosen signals.
///
/// tokio's: other listeners of the program go on working beside them. Once installed, the
/// signal's default, to kill the process, does not come back (see signal(7)).
pub(crate) struct Signals(Vec<(Signal, Listener)>);

impl Signals {
    pub(crate) fn install(signals: &[Signal]) -> io::Result<Self> {
        let mut installed = Vec::new();
        for &signal in signals {
            for listener in listeners(signal)? {
                installed.push((signal, listener));
            }
        }
        Ok(Self(installed))
    }

    /// The next signal; several of one kind that arrive at once may come as one (signal(7)).
    pub(super) async fn next(&mut self) -> Signal {
        poll_fn(|task| {
            for (signal, listener) in &mut self.0 {
                if listener.poll(task).is_ready() {
                    return Poll::Ready(*signal);
                }
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(unix)]
struct Listener(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Listener {
    fn poll(&mut self, task: &mut Context<'_>) -> Poll<()> {
        match self.0.poll_recv(task) {
            Poll::Ready(Some(())) => Poll::Ready(()),
            // The stream of a signal that is not delivered any more never says anything.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(unix)]
fn listeners(signal: Signal) -> io::Result<[Listener; 1]> {
    use tokio::signal::unix::{SignalKind, signal as listen};

    let kind = SignalKind::from_raw(i32::from(signal.number()));
    Ok([Listener(listen(kind)?)])
}

#[cfg(windows)]
enum Listener {
    CtrlC(tokio::signal::windows::CtrlC),
    CtrlBreak(tokio::signal::windows::CtrlBreak),
    CtrlClose(tokio::signal::windows::CtrlClose),
    CtrlLogoff(tokio::signal::windows::CtrlLogoff),
    CtrlShutdown(tokio::signal::windows::CtrlShutdown),
}

#[cfg(windows)]
impl Listener {
    fn poll(&mut self, task: &mut Context<'_>) -> Poll<()> {
        let polled = match self {
            Self::CtrlC(events) => events.poll_recv(task),
            Self::CtrlBreak(events) => events.poll_recv(task),
            Self::CtrlClose(events) => events.poll_recv(task),
            Self::CtrlLogoff(events) => events.poll_recv(task),
            Self::CtrlShutdown(events) => events.poll_recv(task),
        };
        match polled {
            Poll::Ready(Some(())) => Poll::Ready(()),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(windows)]
fn listeners(signal: Signal) -> io::Result<Vec<Listener>> {
    use tokio::signal::windows;

    Ok(match signal {
        Signal::Interrupt => vec![Listener::CtrlC(windows::ctrl_c()?)],
        Signal::Quit => vec![Listener::CtrlBreak(windows::ctrl_break()?)],
        Signal::Terminate => vec![
            Listener::CtrlClose(windows::ctrl_close()?),
            Listener::CtrlLogoff(windows::ctrl_logoff()?),
            Listener::CtrlShutdown(windows::ctrl_shutdown()?),
        ],
        Signal::Hangup => Vec::new(),
    })
}
