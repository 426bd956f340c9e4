#[graceful::main]
struct Main;

#[graceful::main]
impl Main {}

#[graceful::main]
const fn_like: u8 = 0;

#[graceful::main]
pub mod module {}

fn main() {
    let _ = (Main, fn_like);
}

// errors: 4
