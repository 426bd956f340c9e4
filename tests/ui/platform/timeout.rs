//! What the platform gives before it kills, less its hook, is shorter than the stop.

#[graceful::main(timeout = "40s", grace = "35s", pre_stop = "5s")]
async fn main() {
    less_than_the_default();
    to_the_millisecond();
    without_a_hook();
    exactly();
}

#[graceful::main(grace = "25s", pre_stop = "1s")]
async fn less_than_the_default() {}

#[graceful::main(timeout = "2500ms", pre_stop = "1s", grace = "3s")]
async fn to_the_millisecond() {}

#[graceful::main(timeout = "1m30s", grace = "1m")]
async fn without_a_hook() {}

#[graceful::main(timeout = "30s", grace = "35s", pre_stop = "5s")]
async fn exactly() {}

// errors: 4
