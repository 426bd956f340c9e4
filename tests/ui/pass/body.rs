//! The body of `main` is the user's alone.

#![deny(warnings)]

#[graceful::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    #![expect(unused_variables)]

    macro_rules! brace {
        () => {
            "}"
        };
    }
    struct Nested(u8);
    impl Nested {
        fn get(self) -> u8 {
            self.0
        }
    }
    let (rt, body, result, future, builder) = (1, 2, 3, 4, 5);
    let looped = 'label: loop {
        if Nested(1).get() == 1 {
            break 'label brace!();
        }
    };
    let held = std::rc::Rc::new(looped);
    std::future::ready(()).await;
    assert_eq!(*held, "}");
    "1".parse::<u8>()?;
    Ok(())
}
