use graceful::Shutdown;

struct Guard;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "25s", drop)]
    db: Guard,
    #[shutdown(last)]
    logs: Guard,
}

#[derive(Shutdown)]
struct Outer {
    #[shutdown]
    app: App,
}

mod by_default {
    #[graceful::main]
    async fn main() -> super::App {
        todo!()
    }
}

mod nested {
    #[graceful::main(timeout = "27s", delay = "1s", last_words = "2s")]
    async fn main() -> super::Outer {
        todo!()
    }
}

fn main() {}

// errors: 2
