use graceful::Shutdown;

#[derive(Shutdown)]
struct Chain {
    #[shutdown]
    next: Option<Box<Self>>,
}

#[derive(Shutdown)]
struct Tree<T> {
    #[shutdown]
    left: Vec<Tree<T>>,
    #[shutdown(with = |right, _| async move { drop(right) })]
    right: Vec<Tree<T>>,
    #[shutdown(drop)]
    value: T,
}

fn main() {}

// errors: 2
