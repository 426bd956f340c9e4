//! One mistake, one error: what uses the impl finds one.

use graceful::{Context, Shutdown};

#[derive(Shutdown)]
struct App<'a, T: Clone, const N: usize>
where
    T: Send,
{
    #[shutdown(order = one)]
    db: [T; N],
    name: &'a str,
}

fn close(_: impl Shutdown) {}

async fn stop(app: App<'static, u8, 1>, cx: Context) -> graceful::Result {
    app.shutdown(cx).await
}

fn main() {
    close(App { db: [0; 2], name: "" });
    let _ = stop;
}

// errors: 1
