//! Clients that cost as little as they can: they write the bytes themselves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, StreamOwned};

/// A client that asks for the same small answer again and again.
pub(crate) trait Client {
    /// Asks so often.
    fn ask(&mut self, times: u32);

    /// Reads the answers to that.
    fn hear(&mut self, times: u32);
}

/// HTTP/1.1, one request after the other.
pub(crate) struct Http1<S>(pub(crate) S);

impl<S: Read + Write> Client for Http1<S> {
    fn ask(&mut self, times: u32) {
        assert_eq!(times, 1, "it has to wait for the answer");
        let request = b"GET /fast HTTP/1.1\r\nhost: localhost\r\n\r\n";
        self.0.write_all(request).expect("it reads");
    }

    fn hear(&mut self, _: u32) {
        let mut answer = [0; 1024];
        let mut length = 0;
        while !answer[..length].ends_with(b"\r\n\r\ndone") {
            let read = self.0.read(&mut answer[length..]).expect("it answers");
            assert!(read > 0, "it has closed the connection");
            length += read;
        }
    }
}

/// The same over a new connection each time.
pub(crate) struct Http1Anew {
    pub(crate) address: SocketAddr,
    pub(crate) asked: Option<Http1<TcpStream>>,
}

impl Client for Http1Anew {
    fn ask(&mut self, times: u32) {
        let stream = TcpStream::connect(self.address).expect("it listens");
        self.asked.insert(Http1(stream)).ask(times);
    }

    fn hear(&mut self, times: u32) {
        let asked = self.asked.take();
        asked.expect("it was asked").hear(times);
    }
}

/// HTTP/2, by prior knowledge or as it was agreed on.
pub(crate) struct Http2<S> {
    stream: S,
    next: u32,
    /// The frames that ask on this stream.
    asks: fn(u32) -> Vec<u8>,
}

/// The kinds of frames (RFC 9113, section 6) and the flags that matter here.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

impl<S: Read + Write> Http2<S> {
    pub(crate) fn new(mut stream: S, asks: fn(u32) -> Vec<u8>) -> Self {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let hello = [preface, &*frame(SETTINGS, 0, 0, &[])].concat();
        stream.write_all(&hello).expect("it reads");
        Self {
            stream,
            next: 1,
            asks,
        }
    }

    /// The next frame's kind and flags.
    fn frame(&mut self) -> (u8, u8) {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).expect("it answers");
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        self.stream.read_exact(&mut payload).expect("it answers");
        (head[3], head[4])
    }
}

impl<S: Read + Write> Client for Http2<S> {
    fn ask(&mut self, times: u32) {
        let mut asked = Vec::new();
        for _ in 0..times {
            asked.extend((self.asks)(self.next));
            self.next += 2;
        }
        self.stream.write_all(&asked).expect("it reads");
    }

    fn hear(&mut self, times: u32) {
        let mut heard = 0;
        while heard < times {
            match self.frame() {
                (DATA | HEADERS, flags) if flags & END_STREAM != 0 => heard += 1,
                (SETTINGS, 0) => {
                    let ack = frame(SETTINGS, ACK, 0, &[]);
                    self.stream.write_all(&ack).expect("it reads");
                }
                _ => {}
            }
        }
    }
}

/// `GET http://a/fast`, in HPACK's static names.
pub(crate) fn get(stream: u32) -> Vec<u8> {
    let request = b"\x82\x86\x04\x05/fast\x01\x01a";
    frame(HEADERS, END_STREAM | END_HEADERS, stream, request)
}

/// A call of gRPC to `load.Echo/Say`, with a message of two letters.
pub(crate) fn call(stream: u32) -> Vec<u8> {
    let request = b"\x83\x86\x04\x0e/load.Echo/Say\x01\x01a\0\x02te\x08trailers\0\x0ccontent-type\x10application/grpc";
    let message = b"\0\0\0\0\x04\n\x02hi";
    let request = frame(HEADERS, END_HEADERS, stream, request);
    [request, frame(DATA, END_STREAM, stream, message)].concat()
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("it is short");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// TLS, with this protocol over it.
pub(crate) fn tls(
    trusts: &Arc<ClientConfig>,
    protocol: &str,
    stream: TcpStream,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut config = ClientConfig::clone(trusts);
    config.alpn_protocols = vec![protocol.into()];
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(connection, stream)
}
