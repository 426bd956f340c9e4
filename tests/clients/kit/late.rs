//! A step that has to say what is wrong before its limit, on a machine that may not run it by then.

use graceful::testing::Ended;

/// This step says what is wrong, in time. Where the machine stood still it may have come too late for that: then its last word says what it
/// waits for.
#[track_caller]
pub(crate) fn says_in_time<'a>(
    ended: &'a Ended,
    step: &str,
    error: &[&str],
    last_word: &str,
) -> &'a Ended {
    let cut = format!("timed out; its last word: {last_word}");
    let of_step = |line: &&str| line.contains(step);
    let was_cut = |line: &str| line.contains(&cut);
    if !ended.stood_still.is_zero() && ended.stderr.lines().filter(of_step).any(was_cut) {
        return ended;
    }
    ended.assert_stderr(&[&[step, "failed: "], error].concat())
}
