//! Eight customers, until Ctrl-C or for so many seconds: `cargo run -p orders --example customers -- 20`. Stop the service
//! meanwhile: from then on connections are refused, but no order fails. `ADDRESS` says where the service is.

use orders::customers::{Calls, place};
use std::env;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

const CUSTOMERS: usize = 8;

#[graceful::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:50051".to_owned());
    let is_over = Arc::new(AtomicBool::new(false));
    let mut customers = JoinSet::new();
    for _ in 0..CUSTOMERS {
        let (address, is_over) = (format!("http://{address}"), is_over.clone());
        // Relaxed, both: it publishes nothing.
        let goes_on = move || !is_over.load(Ordering::Relaxed);
        customers.spawn(place(goes_on, move || address.clone()));
    }
    let requested = graceful::requested();
    match env::args().nth(1) {
        Some(seconds) => drop(timeout(Duration::from_secs(seconds.parse()?), requested).await),
        None => requested.await,
    }
    is_over.store(true, Ordering::Relaxed);
    let mut calls = Calls::default();
    for of_one in customers.join_all().await {
        calls.add(of_one);
    }
    println!("{calls}");
    for error in calls.refused.first().into_iter().chain(&calls.failed) {
        println!("{error}");
    }
    Ok(ExitCode::from(u8::from(!calls.failed.is_empty())))
}
