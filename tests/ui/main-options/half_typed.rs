//! While somebody types: the function stays what it is.

mod key {
    #[graceful::main(flav)]
    pub async fn main() {}
}

mod no_value {
    #[graceful::main(flavor = )]
    pub async fn main() {}
}

mod no_text {
    #[graceful::main(flavor = "current_")]
    pub async fn main() {}
}

fn main() {
    key::main();
    no_value::main();
    no_text::main();
}

// errors: 3
