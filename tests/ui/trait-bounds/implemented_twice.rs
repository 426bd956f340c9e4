use graceful::{Context, Result, Shutdown};

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App;

impl Shutdown for App {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

fn main() {}

// errors: 1
