//! On a machine that has more to do than it can, the times of the report are still true.

use crate::program::Program;

#[test]
fn a_busy_machine_shortens_no_limit_and_mixes_up_no_step() {
    let ended = Program::new("current_thread", "stops on a busy machine").run();
    ended.code(0);
    assert!(ended.number("stops") > 30, "{}", ended.0);
    for wrong in ["out of order", "cut short", "too little time"] {
        assert_eq!(ended.number(wrong), 0, "{wrong}: {}", ended.0);
    }
}
