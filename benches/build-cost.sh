#!/usr/bin/env bash
# What graceful-app adds to a build: two services by hand, and the same with graceful-app.
#
#     benches/build-cost.sh [TURNS [SERVICE...]]
#
# Crates without those of build scripts, copies of `syn`, processor time (user and system) of
# `cargo build -j1` from nothing, the least of TURNS (default 2) in turns, and the stripped binary, also in a release
# profile that is made for small ones. Of all services, or of those that are named. Needs cargo and bash; builds in a
# temporary folder, which it removes.
#
# SERVICES=FOLDER measures the programs of a folder instead, each of which has its dependencies at its head, under
# ```toml; LOCK=FILE says in which versions.
set -euo pipefail

turns=${1:-2}

# What it may add to a service on tokio alone.
most_cpu=450      # hundredths of a second of a debug build
most_bytes=250000 # stripped, in the release profile
most_small=160000 # the same with opt-level = "s", lto and one unit
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=$work/target CARGO_TERM_QUIET=true CARGO_INCREMENTAL=0
TIMEFORMAT='%U %S'

service() { # NAME DEPENDENCIES: with its main.rs on standard input
    mkdir -p "$work/$1/src"
    cat >"$work/$1/src/main.rs"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[profile.release]\nstrip = true\n[profile.small]\ninherits = "release"\nopt-level = "s"\nlto = true\ncodegen-units = 1\n[workspace]\n[dependencies]\n%s\n' \
        "$1" "$2" >"$work/$1/Cargo.toml"
    [[ -z ${LOCK:-} ]] || cp "$LOCK" "$work/$1/Cargo.lock"
    (cd "$work/$1" && cargo fetch) # no network while the clock runs
}

graceful="graceful-app = { path = \"$root\" }"

service tokio 'tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "sync", "time"] }' <<'RUST'
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

async fn greet(listener: TcpListener, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            _ = stop.changed() => return Ok(()),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(greet(listener, stopped));
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    let _ = stop.send(true);
    match tokio::time::timeout(Duration::from_secs(10), server).await {
        Ok(Ok(ended)) => ended,
        _ => Err(std::io::Error::other("the server did not stop")),
    }
}
RUST

service tokio-graceful "$graceful
tokio = { version = \"1\", features = [\"macros\", \"net\"] }" <<'RUST'
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

async fn greet(listener: TcpListener) -> std::io::Result<()> {
    let mut stop = graceful::requested();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (connection, _) = accepted?;
                connection.writable().await?;
                connection.try_write(b"hello, world\n")?;
            }
            () = &mut stop => return Ok(()),
        }
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    server: JoinHandle<std::io::Result<()>>,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(App { server: tokio::spawn(greet(listener)) })
}
RUST

service tokio-graceful-alone "$graceful
tokio = { version = \"1\", features = [\"net\"] }" <<'RUST'
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinHandle};

async fn greet(listener: TcpListener) -> std::io::Result<()> {
    loop {
        let (connection, _) = listener.accept().await?;
        connection.writable().await?;
        connection.try_write(b"hello, world\n")?;
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown]
    accepting: AbortHandle,
    #[shutdown(timeout = "10s")]
    server: JoinHandle<std::io::Result<()>>,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = tokio::spawn(greet(listener));
    Ok(App { accepting: server.abort_handle(), server })
}
RUST

service axum 'axum = "0.8"
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "signal", "sync", "time"] }' <<'RUST'
use axum::{Router, routing::get};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let routes = Router::new().route("/", get(async || "hello, world"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let server = axum::serve(listener, routes).with_graceful_shutdown(stopped);
    let server = tokio::spawn(server.into_future());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    let _ = stop.send(());
    match tokio::time::timeout(Duration::from_secs(10), server).await {
        Ok(Ok(ended)) => ended,
        _ => Err(std::io::Error::other("the server did not stop")),
    }
}
RUST

service axum-graceful "$graceful
axum = \"0.8\"
tokio = { version = \"1\", features = [\"net\"] }" <<'RUST'
use axum::{Router, routing::get};
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")]
    http: JoinHandle<std::io::Result<()>>,
}

#[graceful::main]
async fn main() -> std::io::Result<App> {
    let routes = Router::new().route("/", get(async || "hello, world"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let server = axum::serve(listener, routes).with_graceful_shutdown(graceful::requested());
    Ok(App { http: tokio::spawn(server.into_future()) })
}
RUST

names() { # NAME EDGES: the crates below a service, which may be called like one of them
    (cd "$work/$1" && cargo tree --offline -e "$2" --prefix none --format '{p}') |
        sed 's/ (.*//' | sort -u | grep -v "^$1 v0\.0\.0$"
}

cost() { # NAME PROFILE: processor time of a build from nothing, in hundredths of a second
    rm -rf "$CARGO_TARGET_DIR"
    { time (cd "$work/$1" && cargo build -j1 --offline --profile "$2"); } 2>"$work/said"
    tail -n 1 "$work/said" | awk '{ printf "%d", ($1 + $2) * 100 }'
}

services=("${@:2}")
if [[ -n ${SERVICES:-} ]]; then
    all=()
    for program in "$SERVICES"/*.rs; do
        dependencies=$(sed -n '/^\/\/! ```toml$/,/^\/\/! ```$/ { /```/d; s/^\/\/! //p }' "$program")
        service "$(basename "$program" .rs)" "${dependencies//..\/../$root}" <"$program"
        all+=("$(basename "$program" .rs)")
    done
else
    all=(tokio tokio-graceful tokio-graceful-alone axum axum-graceful)
fi
[[ ${#services[@]} -gt 0 ]] || services=("${all[@]}")
declare -A least size small
for ((turn = 0; turn < turns; turn++)); do
    for profile in dev release; do
        for name in "${services[@]}"; do
            took=$(cost "$name" "$profile")
            key=$name/$profile
            [[ -n ${least[$key]:-} && ${least[$key]} -le $took ]] || least[$key]=$took
            [[ $profile != release ]] || size[$name]=$(wc -c <"$CARGO_TARGET_DIR/release/$name")
        done
    done
done
for name in "${services[@]}"; do
    cost "$name" small >"$work/took"
    small[$name]=$(wc -c <"$CARGO_TARGET_DIR/small/$name")
done

row() { printf '| %-20s | %6s | %3s | %9s | %11s | %8s | %8s |\n' "$@"; }
row service crates syn 'debug, s' 'release, s' bytes small
row --- --- --- --- --- --- ---
for name in "${services[@]}"; do
    row "$name" "$(names "$name" normal | wc -l)" \
        "$(names "$name" normal,build | grep -c '^syn v' || true)" \
        "$(awk -v t="${least[$name/dev]}" 'BEGIN { printf "%.1f", t / 100 }')" \
        "$(awk -v t="${least[$name/release]}" 'BEGIN { printf "%.1f", t / 100 }')" \
        "${size[$name]}" "${small[$name]}"
done
bound() { # WHAT FIGURE MOST SCALE UNIT
    awk -v what="$1" -v figure="$2" -v most="$3" -v scale="$4" -v unit="$5" 'BEGIN {
        verdict = figure <= most ? "met" : "NOT MET"
        printf "  %+.1f %s of at most %.1f %s: %s (%s)\n", figure / scale, unit, most / scale, unit, verdict, what
    }'
}
# What follows compares those that are written here.
[[ -z ${SERVICES:-} ]] || exit 0
if [[ -n ${size[tokio]:-} ]]; then
    for name in "${services[@]}"; do
        [[ $name == tokio-* ]] || continue
        echo
        echo "$name, over tokio by hand:"
        bound 'a debug build' $((${least[$name/dev]} - ${least[tokio/dev]})) $most_cpu 100 s
        bound 'release profile' $((${size[$name]} - ${size[tokio]})) $most_bytes 1000 kB
        bound 'opt-level = "s", lto, one unit' $((${small[$name]} - ${small[tokio]})) $most_small 1000 kB
    done
fi

for name in "${services[@]}"; do
    by_hand=${name%%-*}
    [[ $name != "$by_hand" ]] || continue
    echo
    echo "$name, beside $by_hand by hand:"
    comm -13 <(names "$by_hand" normal) <(names "$name" normal) | sed 's/^/  + /'
    comm -23 <(names "$by_hand" normal) <(names "$name" normal) | sed 's/^/  - /'
done
