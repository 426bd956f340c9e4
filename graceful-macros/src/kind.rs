//! Which attribute stands on a function.

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Main,
    Test,
}

impl Kind {
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Main => "graceful::main",
            Self::Test => "graceful::test",
        }
    }
}
