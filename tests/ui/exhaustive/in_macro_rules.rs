use graceful::Shutdown;

macro_rules! state {
    ($($field:ident: $ty:ty),*) => {
        #[derive(Shutdown)]
        #[shutdown(exhaustive)]
        struct App {
            #[shutdown(drop)]
            log: String,
            $($field: $ty,)*
        }
    };
}

state!(name: String);

fn main() {}

// errors: 1
