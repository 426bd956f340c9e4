//! The facade under another name, by every form of path.

extern crate graceful as renamed;

mod corp {
    pub use graceful;
}

mod graceful {}

#[derive(renamed::Shutdown)]
#[shutdown(nothing)]
#[shutdown(crate = renamed)]
struct ByPath;

#[derive(renamed::Shutdown)]
#[shutdown(crate = "renamed", timeout = "1s")]
struct ByString {
    #[shutdown]
    by_path: ByPath,
}

#[derive(renamed::Shutdown)]
#[shutdown(crate = crate::corp::graceful)]
enum FromRoot {
    Variant(#[shutdown(with = |_, _| async {})] u8),
}

#[derive(renamed::Shutdown)]
#[shutdown(crate = "self::corp::graceful")]
struct FromSelf<T>(#[shutdown(method = abs)] i32, T);

mod inner {
    #[derive(renamed::Shutdown)]
    #[shutdown(nothing)]
    #[shutdown(crate = "super::corp::graceful")]
    pub struct FromSuper;
}

macro_rules! derived {
    ($name:ident) => {
        #[derive($crate::corp::graceful::Shutdown)]
        #[shutdown(nothing)]
        #[shutdown(crate = $crate::corp::graceful)]
        struct $name;
    };
}

derived!(FromMacro);

#[corp::graceful::main(crate = "corp::graceful", flavor = "current_thread")]
async fn run() -> u8 {
    1
}

#[renamed::main(crate = ::graceful)]
async fn main() {
    renamed::manage(ByString { by_path: ByPath });
    renamed::manage(FromRoot::Variant(1));
    renamed::manage(inner::FromSuper);
    renamed::manage(FromMacro);
    if false {
        drop((FromSelf(1, ()), run()));
    }
}
