use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(timeuot = "25s")]
struct Close;

#[derive(Shutdown)]
#[shutdown(budget = "25s")]
struct Far;

fn main() {}

// errors: 2
