//! 200 fields and 16 levels need no raised limits.

#![deny(warnings)]

use graceful::Shutdown;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct Leaf;

macro_rules! fields {
    ($($name:ident)*) => {
        #[derive(Shutdown)]
        #[allow(dead_code)]
        struct Wide {
            $(#[shutdown(timeout = "1ms")] $name: Leaf,)*
        }
    };
}

fields! {
    a00 a01 a02 a03 a04 a05 a06 a07 a08 a09 a10 a11 a12 a13 a14 a15 a16 a17 a18 a19
    b00 b01 b02 b03 b04 b05 b06 b07 b08 b09 b10 b11 b12 b13 b14 b15 b16 b17 b18 b19
    c00 c01 c02 c03 c04 c05 c06 c07 c08 c09 c10 c11 c12 c13 c14 c15 c16 c17 c18 c19
    d00 d01 d02 d03 d04 d05 d06 d07 d08 d09 d10 d11 d12 d13 d14 d15 d16 d17 d18 d19
    e00 e01 e02 e03 e04 e05 e06 e07 e08 e09 e10 e11 e12 e13 e14 e15 e16 e17 e18 e19
    f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19
    g00 g01 g02 g03 g04 g05 g06 g07 g08 g09 g10 g11 g12 g13 g14 g15 g16 g17 g18 g19
    h00 h01 h02 h03 h04 h05 h06 h07 h08 h09 h10 h11 h12 h13 h14 h15 h16 h17 h18 h19
    i00 i01 i02 i03 i04 i05 i06 i07 i08 i09 i10 i11 i12 i13 i14 i15 i16 i17 i18 i19
    j00 j01 j02 j03 j04 j05 j06 j07 j08 j09 j10 j11 j12 j13 j14 j15 j16 j17 j18 j19
}

#[derive(Shutdown)]
struct Level<T>(#[shutdown(timeout = "1s")] T);

type Four<T> = Level<Level<Level<Level<T>>>>;
type Sixteen<T> = Four<Four<Four<Four<T>>>>;

fn main() {
    assert_eq!(Wide::PLAN.steps().len(), 200);
    assert_eq!(Sixteen::<Leaf>::PLAN.steps().len(), 1);
    fn close(_: Option<impl Shutdown>) {}
    close(None::<Sixteen<Leaf>>);
}
