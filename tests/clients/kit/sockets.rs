//! The connections of a server, as its kernel has them: for servers that can't be asked, and those of the tests' own.

use std::fs;

/// A socket that is open at both ends, and one of whose end the server has not been told, or has not heard.
const OPEN: [&str; 2] = ["01", "08"];

/// The server's ends of its connections, one a line: who listens at this port has them, whether the client is there or not.
pub(crate) fn connections(port: u16) -> String {
    open(port).join("\n")
}

/// Whether the server has been sent something that it has not read yet.
pub(crate) fn is_asked(port: u16) -> bool {
    // Of a line's fifth column the second half.
    let has_unread = |line: &String| {
        let queues = line.split_whitespace().nth(4).unwrap_or_default();
        queues
            .split_once(':')
            .is_some_and(|(_, unread)| unread.bytes().any(|digit| digit != b'0'))
    };
    open(port).iter().any(has_unread)
}

fn open(port: u16) -> Vec<String> {
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
    let lines = tables.iter().flat_map(|table| table.lines());
    lines.filter(is_open).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::net::{TcpListener, TcpStream};
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn a_connection_is_there_until_the_server_has_closed_it() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        assert_eq!(connections(address.port()), "");
        let client = TcpStream::connect(address).expect("it listens");
        let (server, _) = listener.accept().expect("somebody comes");
        assert_eq!(connections(address.port()).lines().count(), 1);
        assert!(!is_asked(address.port()));
        (&client).write_all(b"?").expect("it is connected");
        while !is_asked(address.port()) {
            sleep(Duration::from_millis(1));
        }
        drop(client);
        assert_eq!(connections(address.port()).lines().count(), 1);
        drop(server);
        assert_eq!(connections(address.port()), "");
    }
}
