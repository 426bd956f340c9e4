#![deny(unused_variables)]

struct Service;

impl Service {
    #[graceful::main]
    async fn run(&self, argument: u8) {
        let local = 1;
    }
}

fn main() {
    Service.run(1);
}

// errors: 2
