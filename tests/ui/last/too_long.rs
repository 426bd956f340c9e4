mod half {
    #[graceful::main(timeout = "10s", delay = "2s", last_words = "5s")]
    async fn main() {}
}

mod by_default {
    #[graceful::main(last_words = "13s")]
    async fn main() {}
}

mod zero {
    #[graceful::main(last_words = "0s")]
    async fn main() {}
}

mod of_a_test {
    #[graceful::test(last_words = "1s")]
    async fn test() {}
}

fn main() {}

// errors: 4
