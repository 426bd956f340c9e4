//! The connections of a server, as its kernel has them: for servers that can't be asked, and those of the tests' own.

use std::fs;

/// A socket that is open at both ends, and one of whose end the server has not been told, or has not heard.
const OPEN: [&str; 2] = ["01", "08"];

/// The server's ends of its connections, one a line: who listens at this port has them, whether the client is there or not.
pub(crate) fn connections(port: u16) -> String {
    let port = format!(":{port:04X}");
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| {
        // Without IPv6 there is no second one.
        fs::read_to_string(table).unwrap_or_default()
    });
    let is_open = |line: &&str| {
        let mut columns = line.split_whitespace().skip(1);
        let local = columns.next().unwrap_or_default();
        let state = columns.nth(1).unwrap_or_default();
        local.ends_with(&port) && OPEN.contains(&state)
    };
    let open = tables.iter().flat_map(|table| table.lines());
    open.filter(is_open).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_connection_is_there_until_the_server_has_closed_it() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        assert_eq!(connections(address.port()), "");
        let client = TcpStream::connect(address).expect("it listens");
        let (server, _) = listener.accept().expect("somebody comes");
        assert_eq!(connections(address.port()).lines().count(), 1);
        drop(client);
        assert_eq!(connections(address.port()).lines().count(), 1);
        drop(server);
        assert_eq!(connections(address.port()), "");
    }
}
