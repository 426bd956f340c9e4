//! What is to hold of each client of a database, in the same words.

use crate::kit::{Network, Server, holder, in_each_way_to_be_cut, none_is_left, program, ready};
use graceful::Signal;
use graceful::testing::{Ended, Process};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Five seconds and a half at most by the limits of the services, and a machine that is busy.
const ENDS_WITHIN: Duration = Duration::from_secs(12);

/// What a server is asked.
pub(crate) struct Database {
    /// Makes the table anew that is written to.
    pub(crate) empty: fn(&Server),
    /// How many rows it has.
    pub(crate) rows: fn(&Server) -> String,
    /// The sessions of others than who asks, one a line, with what they run.
    pub(crate) sessions: fn(&Server) -> String,
}

/// A client and its server.
pub(crate) struct Held<'a> {
    pub(crate) client: &'static str,
    pub(crate) database: &'static Database,
    pub(crate) server: &'a mut Server,
}

impl Held<'_> {
    /// In the middle of load: each row that was acknowledged is there, and no other.
    pub(crate) fn loses_nothing_under_load(&self) {
        (self.database.empty)(self.server);
        let mut service = holder(self.client, "load", self.server);
        let ended = service
            .after(Duration::from_millis(200))
            .signal(Signal::Terminate)
            .end();
        ended.assert_code(0);
        self.leaves_nothing(&ended);
        let rows = (self.database.rows)(self.server);
        assert_ne!(rows, "0");
        ended.assert_stdout(&[&format!("acknowledged {rows}")]);
    }

    /// In the middle of a statement that does not end.
    pub(crate) fn long(&self, statement: &str) -> Ended {
        let ended = self.begin_long(statement).signal(Signal::Terminate).end();
        ended.assert_code(1).assert_stderr(&["load", "timed out"]);
        self.leaves_nothing(&ended);
        ended
    }

    /// With a connection, in a transaction, that never comes back.
    pub(crate) fn leak(&self) -> Ended {
        (self.database.empty)(self.server);
        let ended = holder(self.client, "leak", self.server)
            .signal(Signal::Terminate)
            .end();
        self.leaves_nothing(&ended);
        assert_eq!((self.database.rows)(self.server), "0");
        ended
    }

    /// With a server that answers nobody.
    pub(crate) fn frozen(&self) -> Ended {
        (self.database.empty)(self.server);
        let mut service = holder(self.client, "load", self.server);
        self.server.freeze_when_asked();
        let ended = service.signal(Signal::Terminate).end();
        self.server.thaw();
        ended.assert_code(1);
        self.leaves_nothing(&ended);
        ended
    }

    /// With a server that is gone in the middle of the close. The last one: nobody is left to be asked.
    pub(crate) fn gone(&mut self, statement: &str) -> Ended {
        let mut service = self.begin_long(statement);
        service
            .signal(Signal::Terminate)
            .after(Duration::from_millis(1_300));
        self.server.kill();
        let ended = service.end();
        ended.assert_code(1);
        ends_on_time(&ended);
        ended
    }

    /// With a network that is cut in the middle of the close. What the server runs then it goes on with: the last but one.
    pub(crate) fn cut_off(&self, statement: &str, check: fn(&Ended)) {
        in_each_way_to_be_cut(|cut| {
            let network = Network::to(self.server.port());
            let mut service = self.begin_long_at(network.port(), statement);
            service
                .signal(Signal::Terminate)
                .after(Duration::from_millis(1_300));
            cut(&network);
            let ended = service.end();
            ended.assert_code(1);
            check(&ended);
            ends_on_time(&ended);
        });
    }

    /// With a server that lets nobody in any more: what is to be asked is asked by who is in already.
    pub(crate) fn lets_nobody_in(&self, statement: &str, lets_in: fn(&Server, bool)) -> Ended {
        let mut service = self.begin_long(statement);
        lets_in(self.server, false);
        let ended = service.signal(Signal::Terminate).end();
        lets_in(self.server, true);
        ended.assert_code(1);
        self.leaves_nothing(&ended);
        ended
    }

    fn begin_long(&self, statement: &str) -> Process {
        self.begin_long_at(self.server.port(), statement)
    }

    fn begin_long_at(&self, port: u16, statement: &str) -> Process {
        let service = ready(program(self.client, "long", port));
        let until = Instant::now() + ENDS_WITHIN;
        while !(self.database.sessions)(self.server).contains(statement) {
            assert!(Instant::now() < until, "{service}");
            sleep(Duration::from_millis(20));
        }
        service
    }

    fn leaves_nothing(&self, ended: &Ended) {
        ends_on_time(ended);
        none_is_left(ended, || (self.database.sessions)(self.server));
    }
}

/// A plain pool waits until its limit for the connection of what was cut, unless that has come back before.
pub(crate) fn waits_for_what_is_out(ended: &Ended) {
    let mut of_db = ended.stderr.lines().filter(|line| line.contains("db  "));
    let waited = of_db.any(|line| line.contains("timed out") || line.contains("closed"));
    assert!(waited, "{ended}");
}

fn ends_on_time(ended: &Ended) {
    ended
        .assert_within(ENDS_WITHIN)
        .assert_stdout(&["beside: closed"]);
}
