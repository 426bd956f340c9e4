//! What the adapter costs while nothing stops: requests a second and the 99th percentile of their time,
//! beside `axum::serve`, in turns. Where other things run on the machine, the server's own processor time
//! says more than the requests that it had time for. Each turn has processes of its own: where one came to lie in memory
//! decides over some 5 % for as long as it lives. So each ratio is said with where it may as well be.

#[cfg(unix)]
mod busy;
#[cfg(unix)]
mod compare;
#[cfg(unix)]
mod one_by_one;
#[cfg(unix)]
mod turn;

#[cfg(unix)]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    compare::run().await;
}

#[cfg(not(unix))]
fn main() {}
