use graceful::Shutdown;

struct Client;

impl Client {
    fn count(&self) -> std::thread::ThreadId {
        std::thread::current().id()
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(at_request = Client::count, drop)]
    client: Client,
}

fn main() {}

// errors: 1
