//! A service that holds one client: `holder <client> <case>`, with the server's port in `PORT`.

#[cfg(feature = "consumer")]
mod journal;
#[cfg(feature = "rdkafka")]
mod rdkafka;
#[cfg(feature = "redis")]
mod redis;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [client, case] = &words[..] else {
        panic!("holder <client> <case>");
    };
    match &**client {
        #[cfg(feature = "rdkafka")]
        "rdkafka" => rdkafka::run(case),
        #[cfg(feature = "redis")]
        "redis" => redis::run(case),
        client => panic!("no client {client:?} with case {case:?} in this build"),
    }
}
