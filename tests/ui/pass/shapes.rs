//! Structs and enums of every shape.

#![deny(warnings)]

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Unit;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct EmptyBraces {}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct EmptyParentheses();

#[derive(Shutdown)]
struct Tuple(
    #[shutdown(order = 2, drop)] String,
    #[shutdown(order = 1)] Unit,
    u8,
);

#[derive(Shutdown)]
struct Nested {
    #[shutdown]
    tuple: Tuple,
    #[shutdown]
    optional: Option<Unit>,
    #[shutdown]
    boxed: Box<Unit>,
    #[shutdown]
    many: Vec<Unit>,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
enum Never {}

#[derive(Shutdown)]
enum Server {
    Off,
    Http(#[shutdown] Unit, String),
    Grpc {
        #[shutdown(timeout = "1s")]
        server: Unit,
        #[shutdown(skip)]
        spare: Unit,
        port: u16,
    },
}

#[derive(Shutdown)]
#[repr(C, packed)]
struct Packed {
    flag: u8,
    #[shutdown(drop)]
    name: String,
}

impl SelfInType {
    const LENGTH: usize = 4;
}

#[derive(Shutdown)]
struct SelfInType {
    #[shutdown(skip)]
    next: Option<Box<Self>>,
    #[shutdown]
    unit: Unit,
    #[shutdown(timeout = "1s")]
    of: Of<Self>,
    table: [u8; Self::LENGTH],
}

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Of<T>(std::marker::PhantomData<T>);

fn close(_: impl Shutdown) {}

fn main() {
    close(EmptyBraces {});
    close(EmptyParentheses());
    close(Nested {
        tuple: Tuple(String::new(), Unit, 0),
        optional: None,
        boxed: Box::new(Unit),
        many: vec![],
    });
    close(None::<Never>);
    close(Server::Off);
    close(Server::Http(Unit, String::new()));
    close(Server::Grpc { server: Unit, spare: Unit, port: 0 });
    close(Packed { flag: 0, name: String::new() });
    close(SelfInType { next: None, unit: Unit, of: Of(std::marker::PhantomData), table: [0; 4] });

    let orders = |steps: &[graceful::Step]| -> Vec<_> {
        steps.iter().map(|step| (step.name(), step.get_order())).collect()
    };
    assert_eq!(orders(Tuple::PLAN.steps()), [("1", Some(1)), ("0", Some(2))]);
    assert_eq!(Server::PLAN.variant(2).name(), "Server::Grpc");
    assert_eq!(orders(Server::PLAN.variant(2).steps()), [("server", Some(0))]);
    assert_eq!(Nested::PLAN.steps()[0].get_plan().name(), "Tuple");
}
