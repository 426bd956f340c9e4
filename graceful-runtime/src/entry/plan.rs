//! What a program prints where it is asked for its plan, instead of running: `GRACEFUL_PLAN=text`.
//!
//! A line for each fact, its columns parted by tabs, and in the first one what it is. So no crate is needed to write it,
//! and `cut` is enough to read it. A reader skips lines that it does not know; the number in the first line
//! changes where an old reader would be wrong.

use crate::duration::Written;
use crate::format::OneLine;
use crate::plan::Plan;
use crate::settings::Settings;
use std::ffi::OsStr;
use std::time::Duration;

/// How the text begins.
const VERSION: &str = "graceful-plan\t1\n";

/// What to print, as `asked` says.
///
/// # Errors
///
/// One line that says how to ask.
pub(super) fn answer(
    asked: &OsStr,
    settings: &Settings,
    plan: Option<&Plan>,
) -> Result<String, String> {
    if asked == "text" {
        return Ok(text(settings, plan));
    }
    Err(format!(
        "GRACEFUL_PLAN={asked:?} is not a form that the plan can be printed in: write `text`, or leave it away"
    ))
}

fn text(settings: &Settings, plan: Option<&Plan>) -> String {
    let mut text = VERSION.to_owned();
    line(&mut text, &["timeout", &words(settings.timeout)]);
    line(&mut text, &["delay", &words(settings.delay)]);
    line(
        &mut text,
        &["blocking_grace", &words(settings.blocking_grace)],
    );
    if let Some((grace, pre_stop)) = settings.grace {
        line(&mut text, &["grace", &words(grace)]);
        line(&mut text, &["pre_stop", &words(pre_stop)]);
    }
    for signal in &settings.signals {
        line(&mut text, &["signal", signal.name()]);
    }
    if let Some(plan) = plan {
        line(
            &mut text,
            &["plan", plan.name(), &words(plan.critical_path())],
        );
        steps(&mut text, plan, "", "");
    }
    text
}

/// Each step, and under its dotted name its own ones.
fn steps(text: &mut String, plan: &Plan, orders: &str, names: &str) {
    for variant in plan.alternatives() {
        if !std::ptr::eq(variant, plan) {
            line(text, &["variant", variant.name()]);
        }
        for step in variant.steps() {
            let mut order = orders.to_owned();
            match step.get_order() {
                Some(number) => order.push_str(&number.to_string()),
                None => order.push('-'),
            }
            let limit = step.declared().map_or_else(|| "-".to_owned(), words);
            let mut name = names.to_owned();
            name.push_str(step.name());
            let mut after = String::new();
            for other in step.get_after() {
                after.push_str(if after.is_empty() { "" } else { ", " });
                after.push_str(names);
                after.push_str(other);
            }
            line(text, &["step", &order, &limit, &name, &after]);
            order.push('.');
            name.push('.');
            steps(text, &step.get_plan(), &order, &name);
        }
    }
}

fn words(duration: Duration) -> String {
    Written(duration).to_string()
}

fn line(text: &mut String, columns: &[&str]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            text.push('\t');
        }
        // A name with a tab or a line's end in it would be another fact.
        text.push_str(&OneLine(column).to_string());
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;

    const PLAN: Plan = Plan::new(
        "App",
        &[
            Step::new("http").timeout(Duration::from_secs(10)),
            Step::new("audit").after(&["http"]),
            Step::new("db").order(1).after(&["http", "audit"]).plan(DB),
        ],
    );

    const DB: Plan = Plan::variants(
        "Db",
        &[
            Plan::new("Db::None", &[]),
            Plan::new(
                "Db::Pool",
                &[Step::new("pool").timeout(Duration::from_secs(2))],
            ),
        ],
    );

    #[test]
    fn the_plan_is_a_line_for_each_fact() {
        let settings = Settings {
            delay: Duration::from_millis(1500),
            grace: Some((Duration::from_secs(35), Duration::from_secs(5))),
            ..Settings::default()
        };
        let text = answer("text".as_ref(), &settings, Some(&PLAN));
        assert_eq!(
            text.unwrap(),
            "graceful-plan\t1\n\
             timeout\t25s\n\
             delay\t1s 500ms\n\
             blocking_grace\t1s\n\
             grace\t35s\n\
             pre_stop\t5s\n\
             signal\tSIGINT\n\
             signal\tSIGTERM\n\
             plan\tApp\t12s\n\
             step\t0\t10s\thttp\t\n\
             step\t-\t-\taudit\thttp\n\
             step\t1\t2s\tdb\thttp, audit\n\
             variant\tDb::None\n\
             variant\tDb::Pool\n\
             step\t1.0\t2s\tdb.pool\t\n"
        );
    }

    #[test]
    fn a_name_is_no_fact_of_its_own() {
        const ODD: Plan = Plan::new("App", &[Step::new("a\tb\nsignal\tSIGKILL")]);

        let text = answer("text".as_ref(), &Settings::default(), Some(&ODD)).unwrap();
        assert!(
            text.ends_with("\nstep\t0\t-\ta b signal SIGKILL\t\n"),
            "{text}"
        );
    }

    #[test]
    fn a_form_that_is_not_known_is_refused_with_the_one_that_is() {
        let error = answer("json".as_ref(), &Settings::default(), None).unwrap_err();
        assert!(error.contains("GRACEFUL_PLAN=\"json\""), "{error}");
        assert!(error.contains("write `text`"), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
}
