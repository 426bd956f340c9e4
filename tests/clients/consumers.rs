//! What holds of a consumer over any broker: the same tests for each.

use crate::kit::{
    Journal, Network, Recipe, Server, in_each_way_to_be_cut, none_is_left, program, says_in_time,
    soon,
};
use graceful::Signal;
use graceful::testing::{Ended, Process};
use std::ops::Range;
use std::time::{Duration, Instant};

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A broker, and a service that consumes numbers from it.
pub(crate) struct Broker {
    pub(crate) recipe: &'static Recipe,
    /// The service: `holder <client> consumer`.
    pub(crate) client: &'static str,
    /// What its source is called in an error.
    pub(crate) source: &'static str,
    /// Makes what the numbers are in.
    pub(crate) create: fn(&Server),
    pub(crate) publish: fn(&Server, Range<u64>),
    /// The sessions of services that the server has, one a line.
    pub(crate) sessions: fn(&Server) -> String,
}

impl Broker {
    /// With its topic, queue or stream.
    pub(crate) fn start(&self) -> Option<Server> {
        let server = self.recipe.start()?;
        (self.create)(&server);
        Some(server)
    }

    /// A service that runs, and takes so long for each message.
    pub(crate) fn consumer(&self, server: &Server, journal: &Journal, each_ms: u32) -> Process {
        self.consumer_at(server.port(), journal, each_ms)
    }

    fn consumer_at(&self, port: u16, journal: &Journal, each_ms: u32) -> Process {
        let mut consumer = program(self.client, "consumer", port)
            .env("JOURNAL", journal.path())
            .env("EACH_MS", each_ms.to_string())
            .start();
        consumer.wait_for_line("ready");
        consumer
    }

    /// Stopped under load, it leaves no session, loses nothing, and does no more than so many twice. How long it took until the next one
    /// had all.
    pub(crate) fn loses_nothing_in_a_stop(&self, server: &Server, at_most_again: u64) -> Duration {
        let journal = Journal::new();
        let mut service = self.consumer(server, &journal, 1);
        // Some clients connect behind their start.
        soon(|| match &*(self.sessions)(server) {
            "" => Err("the server has no session".to_owned()),
            _ => Ok(()),
        });
        let ended = std::thread::scope(|scope| {
            scope.spawn(|| (self.publish)(server, 0..3_000));
            wait_for(&journal, 300);
            service.signal(Signal::Terminate).end()
        });
        ended
            .assert_code(0)
            .assert_within(Duration::from_secs(5))
            .assert_stderr(&["consumer", "closed", "processed", "unknown 0"]);
        none_is_left(&ended, || (self.sessions)(server));
        let done = journal.len();
        let begun = Instant::now();
        let mut service = self.consumer(server, &journal, 1);
        wait_for(&journal, done + 1);
        // What a consumer that has not taken its leave has in hand is held back for longer.
        assert!(begun.elapsed() < Duration::from_secs(6), "it had not left");
        wait_for_all(&journal, 3_000);
        let all_came = begun.elapsed();
        service.signal(Signal::Terminate).end().assert_code(0);
        let again = journal.books().duplicates();
        assert!(
            again <= at_most_again,
            "{again} came again, {done} were done at the stop"
        );
        all_came
    }

    /// One that fetches so much ahead hands that back at its stop, in time, and nothing comes twice.
    #[cfg(any(feature = "async-nats", feature = "redis-streams"))]
    pub(crate) fn hands_back_what_it_fetched(&self, ahead: u16) {
        let Some(server) = self.start() else { return };
        let all = u64::from(ahead) + 100;
        (self.publish)(&server, 0..all);
        let journal = Journal::new();
        let mut service = program(self.client, "consumer", server.port())
            .env("JOURNAL", journal.path())
            .env("EACH_MS", "300")
            .env("AHEAD", ahead.to_string())
            .start();
        wait_for(&journal, 32);
        let ended = service.signal(Signal::Terminate).end();
        ended
            .assert_code(0)
            .assert_within(Duration::from_secs(5))
            .assert_stderr(&["consumer", "closed", "processed", "unknown 0"]);
        let mut service = self.consumer(&server, &journal, 0);
        wait_for_all(&journal, all);
        service.signal(Signal::Terminate).end().assert_code(0);
        assert_eq!(journal.books().duplicates(), 0, "{ended}");
    }

    /// Killed, it loses nothing; what comes again is no more than what was done and not acknowledged.
    pub(crate) fn loses_nothing_where_it_is_killed(&self, server: &Server, at_most_again: u64) {
        let journal = Journal::new();
        (self.publish)(server, 0..3_000);
        let mut service = self.consumer(server, &journal, 1);
        wait_for(&journal, 300);
        kill(&mut service);
        let mut service = self.consumer(server, &journal, 1);
        wait_for_all(&journal, 3_000);
        service.signal(Signal::Terminate).end().assert_code(0);
        let again = journal.books().duplicates();
        assert!(again <= at_most_again, "{again} came again");
    }

    /// A server that breaks while the last messages are finished is named, and holds up no other field.
    pub(crate) fn names_a_server_that_breaks_in_mid_close(
        &self,
        server: &mut Server,
        break_it: impl FnOnce(&mut Server),
    ) -> Ended {
        (self.publish)(server, 0..300);
        self.names_what_breaks_in_mid_close(server.port(), || break_it(server))
    }

    /// So is one that is cut off by the network, in whatever way.
    pub(crate) fn names_a_server_that_is_cut_off_in_mid_close(&self, check: fn(&Ended)) {
        in_each_way_to_be_cut(|cut| {
            let network = Network::new();
            let Some(server) = self.recipe.start_behind(&network) else {
                return;
            };
            (self.create)(&server);
            (self.publish)(&server, 0..300);
            check(&self.names_what_breaks_in_mid_close(network.port(), || cut(&network)));
        });
    }

    /// The server has messages, and is reached at this port.
    pub(crate) fn names_what_breaks_in_mid_close(
        &self,
        port: u16,
        break_it: impl FnOnce(),
    ) -> Ended {
        let journal = Journal::new();
        let mut service = self.consumer_at(port, &journal, 600);
        wait_for(&journal, 16);
        // By then the next ones are in hand, and not done.
        service
            .after(Duration::from_millis(200))
            .signal(Signal::Terminate);
        service.wait_for_stderr("stopping");
        break_it();
        let ended = service.end();
        ended
            .assert_code(1)
            .assert_within(Duration::from_secs(8))
            .assert_stderr(&["after", "closed"]);
        says_in_time(&ended, "consumer", &[self.source], "closing");
        ended
    }
}

pub(crate) fn wait_for(journal: &Journal, lines: usize) {
    let until = Instant::now() + PATIENCE;
    while journal.len() < lines {
        assert!(Instant::now() < until, "{} of {lines}", journal.len());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Each of so many, however often others come.
fn wait_for_all(journal: &Journal, all: u64) {
    let until = Instant::now() + PATIENCE;
    loop {
        let lost = journal.books().lost(all);
        if lost == 0 {
            return;
        }
        assert!(Instant::now() < until, "{lost} are lost");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// As the kernel does where memory runs out.
pub(crate) fn kill(service: &mut Process) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = i32::try_from(service.id()).expect("a process id");
    kill_process(Pid::from_raw(id).expect("not zero"), Signal::KILL).expect("it runs");
    service.end();
}

/// For a client that is asynchronous, in a test that is not.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(future)
}
