//! What a program prints where it is asked for its plan, instead of running: `GRACEFUL_PLAN=text`.
//!
//! A line for each fact, its columns parted by tabs, and in the first one what it is. So no crate is needed to write it,
//! and `cut` is enough to read it. A reader skips lines that it does not know; the number in the first line
//! changes where an old reader would be wrong.

use crate::duration::Written;
use crate::plan::Plan;
use crate::settings::Settings;
use std::ffi::OsStr;
use std::fmt::Write as _;

/// How the text begins.
const VERSION: &str = "graceful-plan\t1\n";

/// What to print, where `asked` asks for something.
///
/// # Errors
///
/// One line that says how to ask.
pub(super) fn answer(
    asked: Option<&OsStr>,
    settings: &Settings,
    plan: Option<&Plan>,
) -> Result<Option<String>, String> {
    match asked {
        // As with the other variables: manifests often can't leave one away.
        None => Ok(None),
        Some(asked) if asked.is_empty() => Ok(None),
        Some(asked) if asked == "text" => Ok(Some(text(settings, plan))),
        Some(asked) => Err(format!(
            "GRACEFUL_PLAN={asked:?} is not a form that the plan can be printed in: write `text`, or leave it away"
        )),
    }
}

fn text(settings: &Settings, plan: Option<&Plan>) -> String {
    let mut text = VERSION.to_owned();
    let mut fact = |name: &str, columns: &[&dyn std::fmt::Display]| {
        text.push_str(name);
        for column in columns {
            // A `String` takes everything.
            let _ = write!(text, "\t{column}");
        }
        text.push('\n');
    };
    fact("timeout", &[&Written(settings.timeout)]);
    fact("delay", &[&Written(settings.delay)]);
    fact("blocking_grace", &[&Written(settings.blocking_grace)]);
    if let Some((grace, pre_stop)) = settings.grace {
        fact("grace", &[&Written(grace)]);
        fact("pre_stop", &[&Written(pre_stop)]);
    }
    for signal in &settings.signals {
        fact("signal", &[signal]);
    }
    if let Some(plan) = plan {
        fact("plan", &[&plan.name(), &Written(plan.critical_path())]);
        for row in plan.rows() {
            fact("step", &[&row.order, &row.limit, &row.name, &row.after]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;
    use std::time::Duration;

    const PLAN: Plan = Plan::new(
        "App",
        &[
            Step::new("http").timeout(Duration::from_secs(10)),
            Step::new("audit").after(&["http"]),
            Step::new("db").order(1).after(&["http"]),
        ],
    );

    #[test]
    fn the_plan_is_a_line_for_each_fact() {
        let settings = Settings {
            delay: Duration::from_millis(1500),
            grace: Some((Duration::from_secs(35), Duration::from_secs(5))),
            ..Settings::default()
        };
        let text = answer(Some("text".as_ref()), &settings, Some(&PLAN));
        assert_eq!(
            text.unwrap().unwrap(),
            "graceful-plan\t1\n\
             timeout\t25s\n\
             delay\t1s 500ms\n\
             blocking_grace\t1s\n\
             grace\t35s\n\
             pre_stop\t5s\n\
             signal\tSIGINT\n\
             signal\tSIGTERM\n\
             plan\tApp\t10s\n\
             step\t0\t10s\thttp\t\n\
             step\t-\t-\taudit\thttp\n\
             step\t1\t-\tdb\thttp\n"
        );
    }

    #[test]
    fn a_program_that_is_not_asked_runs() {
        for asked in [None, Some("".as_ref())] {
            assert_eq!(answer(asked, &Settings::default(), Some(&PLAN)), Ok(None));
        }
    }

    #[test]
    fn a_form_that_is_not_known_is_refused_with_the_one_that_is() {
        let error = answer(Some("json".as_ref()), &Settings::default(), None).unwrap_err();
        assert!(error.contains("GRACEFUL_PLAN=\"json\""), "{error}");
        assert!(error.contains("write `text`"), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
}
