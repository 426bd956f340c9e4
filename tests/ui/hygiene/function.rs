struct Service;

impl Service {
    #[graceful::main]
    async fn run(&self) {
        drop(__graceful_future);
        drop(__graceful_output);
    }
}

fn main() {
    Service.run();
}

// errors: 2
