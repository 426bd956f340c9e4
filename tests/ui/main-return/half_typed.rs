//! The body is nobody's but rustc's.

#[graceful::main]
async fn main() {
    let name = String::new();
    let _length = name. ;
}

// errors: 1
