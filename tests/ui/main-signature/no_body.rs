trait Run {
    #[graceful::main]
    async fn run(&self);
}

fn main() {}

// errors: 1
