//! Plans of 64 states in one another, the outermost proven first; 40 where each is in an `Option`, whose plan is a level of
//! its own. From 61 of those on rustc would not find out whether they are `Send`, in any program.

use graceful::Shutdown;
use std::time::Duration;

type Optional<T> = Option<T>;

macro_rules! nest {
    ($wrapper:ident: $outer:ident $inner:ident $($rest:ident)*) => {
        #[derive(Shutdown)]
        #[allow(dead_code)]
        struct $outer {
            #[shutdown]
            inner: $wrapper<$inner>,
            #[shutdown(drop, timeout = "1s")]
            own: String,
        }

        nest!($wrapper: $inner $($rest)*);
    };
    ($wrapper:ident: $last:ident) => {
        #[derive(Shutdown)]
        #[allow(dead_code)]
        struct $last {
            #[shutdown(drop, timeout = "1s")]
            own: String,
        }
    };
    ($outer:ident $inner:ident $($rest:ident)*) => {
        #[derive(Shutdown)]
        #[allow(dead_code)]
        struct $outer {
            #[shutdown]
            inner: $inner,
            #[shutdown(drop, timeout = "1s")]
            own: String,
        }

        nest!($inner $($rest)*);
    };
    ($last:ident) => {
        nest!(Optional: $last);
    };
}

nest!(
    A0 A1 A2 A3 A4 A5 A6 A7 B0 B1 B2 B3 B4 B5 B6 B7
    C0 C1 C2 C3 C4 C5 C6 C7 D0 D1 D2 D3 D4 D5 D6 D7
    E0 E1 E2 E3 E4 E5 E6 E7 F0 F1 F2 F3 F4 F5 F6 F7
    G0 G1 G2 G3 G4 G5 G6 G7 H0 H1 H2 H3 H4 H5 H6 H7
);

nest!(
    Optional:
    I0 I1 I2 I3 I4 I5 I6 I7 J0 J1 J2 J3 J4 J5 J6 J7
    K0 K1 K2 K3 K4 K5 K6 K7 L0 L1 L2 L3 L4 L5 L6 L7
    M0 M1 M2 M3 M4 M5 M6 M7
);

#[derive(Shutdown)]
struct Level<T> {
    #[shutdown]
    inner: T,
    #[shutdown(drop, timeout = "1s")]
    own: String,
}

#[derive(Shutdown)]
struct Innermost {
    #[shutdown(drop, timeout = "1s")]
    own: String,
}

type Three<T> = Level<Level<Level<T>>>;
type TwentyOne<T> = Three<Three<Three<Three<Three<Three<Three<T>>>>>>>;
type SixtyFour = TwentyOne<TwentyOne<TwentyOne<Innermost>>>;

#[derive(Shutdown)]
#[shutdown(timeout = "104s")]
#[allow(dead_code)]
struct App {
    #[shutdown]
    nested: A0,
    #[shutdown]
    optional: I0,
}

fn main() {
    fn close(_: Option<impl Shutdown>) {}
    close(None::<SixtyFour>);
    assert_eq!(SixtyFour::PLAN.critical_path(), Duration::from_secs(64));
    assert_eq!(App::PLAN.critical_path(), Duration::from_secs(104));
    let innermost = Innermost { own: String::new() };
    let level = Level { inner: innermost, own: String::new() };
    assert!(level.inner.own.is_empty() && level.own.is_empty());
}
