//! `mongodb`.

use crate::kit::{
    Network, Server, connections, holder, in_each_way_to_be_cut, none_is_left, program, ready,
};
use crate::servers::mongodb::MONGODB;
use graceful::Signal;
use graceful::testing::Ended;
use mongodb::bson::{Document, doc};
use std::time::Duration;

const ENDS_WITHIN: Duration = Duration::from_secs(12);

#[test]
fn what_was_acknowledged_is_there_and_a_frozen_server_costs_the_limit() {
    let Some(server) = MONGODB.start() else {
        return;
    };
    let mut service = holder("mongodb", "load", &server);
    let ended = service
        .after(Duration::from_millis(200))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(ENDS_WITHIN);
    leaves_no_session(&server, &ended);
    let written = count(&server);
    assert_ne!(written, 0);
    ended.assert_stdout(&[&format!("acknowledged {written}")]);

    let mut service = holder("mongodb", "load", &server);
    server.freeze_when_asked();
    let ended = service.signal(Signal::Terminate).end();
    server.thaw();
    leaves_no_session(&server, &ended);
    ends_beside(&ended).assert_stderr(&["db", "failed: the server does not answer"]);
}

/// `shutdown` alone would wait for it for ever.
#[test]
fn a_cursor_that_lives_is_named_and_the_client_is_shut_down_without_it() {
    let Some(server) = MONGODB.start() else {
        return;
    };
    let mut service = holder("mongodb", "leak", &server);
    let ended = service.signal(Signal::Terminate).end();
    leaves_no_session(&server, &ended);
    ends_beside(&ended).assert_stderr(&["db", "failed: a cursor, a session or an upload"]);
}

#[test]
fn a_server_that_is_cut_off_in_mid_close_is_named() {
    let Some(server) = MONGODB.start() else {
        return;
    };
    in_each_way_to_be_cut(|cut| {
        let network = Network::to(server.port());
        let mut service = ready(program("mongodb", "leak", network.port()));
        service
            .signal(Signal::Terminate)
            .after(Duration::from_millis(500));
        cut(&network);
        // Which of both it is depends on whether the driver has noticed.
        let said = [
            "failed: the server does not answer",
            "failed: a cursor, a session or an upload still lives",
        ];
        let ended = service.end();
        ends_beside(&ended);
        assert!(
            said.iter().any(|words| ended.stderr.contains(words)),
            "{ended}"
        );
    });
}

#[test]
fn a_server_that_is_gone_holds_nothing_up() {
    let Some(mut server) = MONGODB.start() else {
        return;
    };
    let mut service = holder("mongodb", "leak", &server);
    service
        .signal(Signal::Terminate)
        .after(Duration::from_millis(500));
    server.kill();
    ends_beside(&service.end());
}

fn ends_beside(ended: &Ended) -> &Ended {
    ended
        .assert_code(1)
        .assert_within(ENDS_WITHIN)
        .assert_stdout(&["beside: closed"])
}

/// By its sockets: who asks it has sessions of its own.
fn leaves_no_session(server: &Server, ended: &Ended) {
    none_is_left(ended, || connections(server.port()));
}

fn count(server: &Server) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let to = format!(
            "mongodb://127.0.0.1:{}/?directConnection=true",
            server.port()
        );
        let client = mongodb::Client::with_uri_str(to).await.unwrap();
        let written = client.database("tests").collection::<Document>("written");
        written.count_documents(doc! {}).await.unwrap()
    })
}
