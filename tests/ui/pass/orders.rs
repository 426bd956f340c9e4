//! Orders count as the discriminants of an enum do.

use graceful::Shutdown;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    a: String,
    #[shutdown(drop)]
    b: String,
    config: String,
    #[shutdown(drop, order = 0x10)]
    c: String,
    #[shutdown(drop)]
    #[shutdown(name = "named", timeout = "1s")]
    d: String,
    #[shutdown(order = 1_0,)]
    #[shutdown(drop)]
    e: String,
    #[shutdown(drop)]
    f: String,
}

fn main() {
    let steps = App::PLAN.steps();
    let orders: Vec<_> = steps.iter().map(|step| (step.name(), step.get_order())).collect();
    assert_eq!(
        orders,
        [("a", 0), ("b", 1), ("e", 10), ("f", 11), ("c", 16), ("named", 17)].map(|(name, order)| (name, Some(order)))
    );
}
