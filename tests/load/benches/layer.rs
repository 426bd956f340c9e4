//! What `Tracker::layer` costs a request: processor time of a service that answers at once, with it and
//! without, in turns. `layer call bare 1000000` and `layer call layered 1000000` are for counting instructions.

use axum::body::Body;
use axum::http::{Request, Response};
use graceful::Tracker;
use graceful::http::layer::TrackLayer;
use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tower::{Layer, Service};

const TURNS: usize = 101;
const CALLS: u32 = 20_000;

#[derive(Clone)]
struct Answers;

impl Service<Request<Body>> for Answers {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        ready(Ok(Response::new(Body::empty())))
    }
}

fn call<S: Service<Request<Body>>>(service: &mut S, calls: u32) {
    let mut task = Context::from_waker(Waker::noop());
    for _ in 0..calls {
        let mut answer = pin!(service.call(black_box(Request::new(Body::empty()))));
        let answer = answer.as_mut().poll(&mut task);
        drop(black_box(answer));
    }
}

fn time<S: Service<Request<Body>>>(service: &mut S) -> Duration {
    let began = Instant::now();
    call(service, CALLS);
    began.elapsed() / CALLS
}

fn main() {
    let tracker = Tracker::new();
    let (mut bare, mut layered) = (Answers, TrackLayer::new(tracker).layer(Answers));
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, verb, which, calls] = &arguments[..]
        && verb == "call"
    {
        let calls = calls.parse().expect("a number");
        match &**which {
            "bare" => call(&mut bare, calls),
            _ => call(&mut layered, calls),
        }
        return;
    }
    let mut turns = Vec::new();
    for _ in 0..TURNS {
        turns.push((time(&mut bare), time(&mut layered)));
    }
    let least =
        |of: fn(&(Duration, Duration)) -> Duration| turns.iter().map(of).min().expect("turns");
    let (bare, layered) = (least(|turn| turn.0), least(|turn| turn.1));
    println!("a request, the least of {TURNS}: bare {bare:?}, with the layer {layered:?}");
}
