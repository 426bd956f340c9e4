use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeuot = "25s")]
struct Close;

#[derive(Shutdown)]
#[shutdown(colour = "red")]
struct Far;

fn main() {}

// errors: 2
