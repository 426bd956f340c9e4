mod is_unsafe {
    #[graceful::main]
    pub async unsafe fn main() {}
}

mod is_extern {
    #[graceful::main]
    pub async extern "C" fn main() {}
}

mod is_const {
    #[graceful::main]
    pub const async fn main() {}
}

#[graceful::main]
const async fn run() {}

/// rustc says that too, and once.
mod is_in_another_order {
    #[graceful::main]
    pub extern "C" async fn main() {}
}

fn main() {
    run();
}

// errors: 6
