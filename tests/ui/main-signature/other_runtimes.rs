//! Their attributes are named, and not asked for: none of these is a dependency.

mod actix {
    #[graceful::main]
    #[actix_web::main]
    pub async fn main() {}
}

mod async_std {
    #[graceful::main]
    #[::async_std::main]
    pub async fn main() {}
}

mod rocket {
    #[graceful::main]
    #[rocket::launch]
    pub async fn main() {}
}

#[graceful::test]
#[actix_rt::test]
async fn test() {}

fn main() {}

// errors: 4
