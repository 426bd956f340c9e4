//! Methods with every receiver, async or not, and what they return; paths and closures.

#![deny(warnings)]

use graceful::{Context, Shutdown};
use std::sync::Arc;

#[derive(Debug)]
struct Client;

impl Client {
    async fn by_value(self) {}
    async fn by_reference(&self) -> Result<(), std::io::Error> {
        Ok(())
    }
    async fn by_mutable_reference(&mut self) -> Result<u32, String> {
        Ok(1)
    }
    fn not_async(self) -> bool {
        true
    }
    fn by_arc(self: Arc<Self>) -> Result<(), (Self, String)> {
        Ok(())
    }
    async fn gives_back(self) -> Result<(), (Self, String)> {
        Ok(())
    }
    async fn with_arguments(&self, _code: u16, _reason: String) {}
    fn future(&mut self) -> impl std::future::Future<Output = ()> + use<> {
        std::future::ready(())
    }
}

async fn close(_client: Client, _cx: Context) -> graceful::Result {
    Ok(())
}

fn close_now(_client: Client, _cx: Context) {}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = by_value)]
    a: Client,
    #[shutdown(method = by_reference)]
    b: Client,
    #[shutdown(method = by_mutable_reference)]
    c: Client,
    #[shutdown(method = not_async)]
    d: Client,
    #[shutdown(method = by_arc)]
    e: Arc<Client>,
    #[shutdown(method = future)]
    f: Client,
    #[shutdown(with = close)]
    g: Client,
    #[shutdown(with = close_now)]
    h: Client,
    #[shutdown(with = |client, cx| async move {
        cx.progress("flushing");
        client.by_value().await;
        Ok::<(), std::io::Error>(())
    }, timeout = "1s")]
    i: Client,
    #[shutdown(with = |client: Client, _| client.not_async())]
    j: Client,
    #[shutdown(drop)]
    k: Client,
    #[shutdown(method = gives_back)]
    l: Client,
    #[shutdown(method = by_value)]
    m: Option<Client>,
    #[shutdown(method = by_reference)]
    n: Option<Arc<Client>>,
    #[shutdown(method = by_mutable_reference)]
    o: std::option::Option<Box<Client>>,
    // Borrows from its parameter, which lives as long as what it returns.
    #[shutdown(with = |client, _cx| client.by_reference())]
    q: Client,
    #[shutdown(with = |mut client: Client, _| client.by_mutable_reference())]
    r: Client,
    #[shutdown(method = with_arguments(1000, "bye".into()))]
    t: Client,
    #[shutdown(method = with_arguments(Self::CODE, String::new()))]
    u: Option<Arc<Client>>,
    #[shutdown(method = by_value())]
    v: Client,
    #[shutdown(with = |Wrapper(client), cx| async move { drop((client, cx)) })]
    s: Wrapper,
}

impl App {
    const CODE: u16 = 1001;
}

struct Wrapper(Client);

#[graceful::main(flavor = "current_thread")]
async fn main() {
    graceful::manage(App {
        a: Client,
        b: Client,
        c: Client,
        d: Client,
        e: Arc::new(Client),
        f: Client,
        g: Client,
        h: Client,
        i: Client,
        j: Client,
        k: Client,
        l: Client,
        m: Some(Client),
        n: Some(Arc::new(Client)),
        o: None,
        q: Client,
        r: Client,
        s: Wrapper(Client),
        t: Client,
        u: Some(Arc::new(Client)),
        v: Client,
    });
}
