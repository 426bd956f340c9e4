//! What can be told of a client by what it sends: that it speaks HTTP/2, and that it has acknowledged a PING.

/// How it begins (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Length, kind, flags and stream of a frame (section 4.1).
const HEAD: usize = 9;

const PING: u8 = 6;
const ACK: u8 = 1;

pub(super) enum Frames {
    /// So much of the preface has come.
    Preface(usize),
    Of(Next),
    /// It is another protocol.
    None,
}

/// Where the next frame begins.
#[derive(Default)]
pub(super) struct Next {
    /// After so many bytes of the one before.
    left: usize,
    head: [u8; HEAD],
    /// So much of it has come.
    filled: usize,
}

/// What these bytes have told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    None,
    IsHttp2,
    HasAcknowledged,
}

impl Frames {
    #[inline]
    pub(super) fn heard(&mut self, bytes: &[u8]) -> News {
        match self {
            Self::None => News::None,
            Self::Preface(_) => self.heard_preface(bytes),
            Self::Of(next) => next.heard(bytes),
        }
    }

    #[inline]
    pub(super) fn is_http2(&self) -> bool {
        matches!(self, Self::Of(_))
    }

    #[cold]
    fn heard_preface(&mut self, bytes: &[u8]) -> News {
        let Self::Preface(before) = *self else {
            return News::None;
        };
        let expected = &PREFACE[before..];
        let length = expected.len().min(bytes.len());
        let (preface, frames) = bytes.split_at(length);
        if preface != &expected[..length] {
            *self = Self::None;
        } else if length < expected.len() {
            *self = Self::Preface(before + length);
        } else {
            let mut next = Next::default();
            // Nobody has asked anything of a client that has just come.
            next.heard(frames);
            *self = Self::Of(next);
            return News::IsHttp2;
        }
        News::None
    }
}

impl Next {
    fn heard(&mut self, mut bytes: &[u8]) -> News {
        let mut news = News::None;
        loop {
            let passed = self.left.min(bytes.len());
            self.left -= passed;
            bytes = &bytes[passed..];
            let missing = &mut self.head[self.filled..];
            let (head, rest) = bytes.split_at(missing.len().min(bytes.len()));
            missing[..head.len()].copy_from_slice(head);
            self.filled += head.len();
            bytes = rest;
            if self.filled < HEAD {
                return news;
            }
            let [high, middle, low, kind, flags, ..] = self.head;
            self.left = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
            self.filled = 0;
            if kind == PING && flags & ACK != 0 {
                news = News::HasAcknowledged;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACKNOWLEDGED: &[u8] = b"\0\0\x08\x06\x01\0\0\0\0whatever";

    /// What is told of this, in pieces of so many bytes.
    fn told(bytes: &[&[u8]], pieces: usize) -> Vec<News> {
        let mut frames = Frames::Preface(0);
        let bytes = bytes.concat();
        let told = bytes.chunks(pieces).map(|piece| frames.heard(piece));
        told.filter(|news| *news != News::None).collect()
    }

    #[test]
    fn an_acknowledgement_is_found_in_whatever_pieces_it_comes() {
        let settings = b"\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\x01";
        let large = [b"\0\x40\0\0\0\0\0\0\x01", &[7; 0x4000][..]].concat();
        for pieces in [1, 2, 7, 9, 10, 1000] {
            let bytes = [PREFACE, settings, &large, ACKNOWLEDGED, settings];
            let told = told(&bytes, pieces);
            assert_eq!(told, [News::IsHttp2, News::HasAcknowledged], "{pieces}");
        }
    }

    #[test]
    fn neither_a_body_nor_a_ping_of_the_clients_own_is_one() {
        let body = [b"\0\0\x11\0\0\0\0\0\x01", ACKNOWLEDGED].concat();
        let ping = b"\0\0\x08\x06\0\0\0\0\0whatever";
        for pieces in [1, 5, 1000] {
            let told = told(&[PREFACE, &body, ping], pieces);
            assert_eq!(told, [News::IsHttp2], "{pieces}");
        }
    }

    #[test]
    fn another_protocol_is_none() {
        for bytes in [
            &b"GET / HTTP/1.1\r\n\r\n"[..],
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",
        ] {
            for pieces in [1, 5, 1000] {
                assert_eq!(told(&[bytes, ACKNOWLEDGED], pieces), []);
            }
        }
    }
}
