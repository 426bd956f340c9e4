//! Text that a constant can build: what a failed proof says.

use std::time::Duration;

/// A string built in a constant, where there is no allocation. What is over its size is cut.
pub(super) struct Text {
    bytes: [u8; 1024],
    len: usize,
}

impl Text {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            len: 0,
        }
    }

    pub(super) const fn str(mut self, s: &str) -> Self {
        let s = s.as_bytes();
        // A name cut in its middle could end inside a character, so it goes in whole or not at all.
        if self.len + s.len() <= self.bytes.len() {
            let mut i = 0;
            while i < s.len() {
                self.bytes[self.len + i] = s[i];
                i += 1;
            }
            self.len += s.len();
        }
        self
    }

    const fn number(self, n: u128) -> Self {
        let mut digits = [0u8; 39];
        let mut at = digits.len();
        let mut rest = n;
        loop {
            at -= 1;
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a decimal digit fits into a byte; `TryFrom` is not const"
            )]
            {
                digits[at] = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        match std::str::from_utf8(digits.split_at(at).1) {
            Ok(digits) => self.str(digits),
            Err(_) => self,
        }
    }

    pub(super) const fn duration(self, d: Duration) -> Self {
        let (count, unit) = in_whole_units(d);
        self.number(count).str(unit)
    }

    /// Whether it is so long that only the end of a sentence still fits.
    pub(super) const fn is_long(&self) -> bool {
        self.len > self.bytes.len() / 2
    }

    pub(super) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "the plan is wrong",
        }
    }
}

/// A duration as it would be written in an attribute: the largest unit that needs no fraction.
pub(super) const fn in_whole_units(d: Duration) -> (u128, &'static str) {
    let nanos = d.as_nanos();
    if nanos % 1_000_000_000 == 0 {
        (nanos / 1_000_000_000, "s")
    } else if nanos % 1_000_000 == 0 {
        (nanos / 1_000_000, "ms")
    } else if nanos % 1_000 == 0 {
        (nanos / 1_000, "us")
    } else {
        (nanos, "ns")
    }
}
