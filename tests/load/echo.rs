//! A gRPC service, written by hand as tonic's generator would: one call that answers, and one that goes on.

use futures_util::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::sleep;
use tonic::body::Body;
use tonic::client::Grpc as Client;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, ServerStreamingService, UnaryService};
use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

const SAY: &str = "/load.Echo/Say";
const WATCH: &str = "/load.Echo/Watch";

type Words = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

/// The service; `watch` makes what a stream says, and sees the request first.
#[derive(Clone, Debug)]
pub struct Echo {
    watch: fn(&Request<String>) -> Words,
    takes: Duration,
}

impl Echo {
    /// With streams of this kind.
    pub const fn new(watch: fn(&Request<String>) -> Words) -> Self {
        let takes = Duration::from_millis(5);
        Self { watch, takes }
    }

    /// It takes so long to answer a call.
    #[must_use]
    pub const fn answering_after(mut self, takes: Duration) -> Self {
        self.takes = takes;
        self
    }
}

/// A word every 100 ms, for ever.
pub fn words() -> Words {
    Box::pin(futures_util::stream::unfold((), |()| async {
        sleep(Duration::from_millis(100)).await;
        Some((Ok("still here".to_owned()), ()))
    }))
}

impl UnaryService<String> for Echo {
    type Response = String;
    type Future = BoxFuture<Response<String>, Status>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let takes = self.takes;
        Box::pin(async move {
            sleep(takes).await;
            Ok(Response::new(request.into_inner()))
        })
    }
}

impl ServerStreamingService<String> for Echo {
    type Response = String;
    type ResponseStream = Words;
    type Future = BoxFuture<Response<Words>, Status>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let words = (self.watch)(&request);
        Box::pin(async { Ok(Response::new(words)) })
    }
}

impl NamedService for Echo {
    const NAME: &'static str = "load.Echo";
}

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let echo = self.clone();
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<String, String>::default());
            Ok(match request.uri().path() {
                SAY => grpc.unary(echo, request).await,
                WATCH => grpc.server_streaming(echo, request).await,
                _ => Status::unimplemented("no such call").into_http(),
            })
        })
    }
}

/// One call that is answered with what it said.
///
/// # Errors
///
/// The status that the call ended with.
pub async fn say(channel: &Channel, word: &str) -> Result<String, Status> {
    call(channel, Request::new(word.to_owned())).await
}

/// The same with a request that is there already.
///
/// # Errors
///
/// The status that the call ended with.
pub async fn call(channel: &Channel, request: Request<String>) -> Result<String, Status> {
    let mut client = ready(channel).await?;
    let path = PathAndQuery::from_static(SAY);
    let codec = ProstCodec::<String, String>::default();
    let answer = client.unary(request, path, codec);
    answer.await.map(Response::into_inner)
}

/// A stream of words.
///
/// # Errors
///
/// The status that the call ended with before the first of them.
pub async fn watch(channel: &Channel) -> Result<Streaming<String>, Status> {
    let mut client = ready(channel).await?;
    let path = PathAndQuery::from_static(WATCH);
    let codec = ProstCodec::<String, String>::default();
    let answer = client.server_streaming(Request::new(String::new()), path, codec);
    answer.await.map(Response::into_inner)
}

async fn ready(channel: &Channel) -> Result<Client<Channel>, Status> {
    let mut client = Client::new(channel.clone());
    let ready = client.ready().await;
    ready.map_err(|error| Status::unavailable(error.to_string()))?;
    Ok(client)
}
