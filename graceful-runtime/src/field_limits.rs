//! What the environment says of single fields: `GRACEFUL_TIMEOUT_QUEUE_CONSUMER=10s` is the limit of `queue.consumer`.

use crate::duration::{Written, limit_from_variable};
use crate::lock::Lock;
use crate::log::to_stderr;
use crate::plan::{Overrides, Plan, Step, TimeDemand, TooLong};
use crate::similar::similar;
use std::ffi::OsString;
use std::time::Duration;

const PREFIX: &str = "GRACEFUL_TIMEOUT_";

/// Of more fields than this none is listed.
const LISTED: usize = 20;

/// The variables that are set, by what follows the prefix.
#[derive(Debug)]
struct FieldLimits(Vec<(String, Duration)>);

impl FieldLimits {
    /// Those among `variables`.
    ///
    /// # Errors
    ///
    /// One line that says which is wrong, and how to write it.
    fn among(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Self, String> {
        let mut limits = Vec::new();
        for (name, value) in variables {
            // What is no Unicode is the name of no field.
            let Some(name) = name.to_str() else { continue };
            if let Some(field) = name.strip_prefix(PREFIX) {
                let limit = limit_from_variable(name, "5s", Some(value))?;
                limits.extend(limit.map(|limit| (field.to_owned(), limit)));
            }
        }
        Ok(Self(limits))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The limit of the step of this path, where a variable names it.
    fn of(&self, path: &str) -> Option<Duration> {
        let variable = variable(path);
        let found = self.0.iter().find(|(name, _)| *name == variable);
        found.map(|(_, limit)| *limit)
    }

    /// The plan with these limits, which closes within `time`. Variables that name none of its fields change nothing.
    ///
    /// # Errors
    ///
    /// One line that says what does not fit.
    fn applied(&self, plan: &Plan, time: Duration) -> Result<Plan, String> {
        let paths = plan.paths();
        let mut set = Vec::new();
        for (name, _) in &self.0 {
            let mut named = paths.iter().filter(|path| variable(path) == *name);
            let Some(first) = named.next() else { continue };
            // Variants of an enum may have the same one.
            if let Some(second) = named.find(|path| *path != first) {
                return Err(format!(
                    "{PREFIX}{name} is the limit of `{first}` as well as of `{second}`: \
                     give one of the two another name with `#[shutdown(name = \"...\")]`"
                ));
            }
            set.push(format!("{PREFIX}{name}"));
        }
        let limited = plan.limited(&|path| self.of(path)).map_err(|wrong| {
            let TooLong { step, limit, needs } = wrong;
            format!(
                "what is in `{step}` takes {}, longer than its own {}: {}",
                Written(needs),
                Written(limit),
                self.advice(&step),
            )
        })?;
        let (needs, written) = (limited.critical_path(), plan.critical_path());
        // That what is written is longer than the time from outside is no mistake of these.
        if needs > time && needs > written {
            return Err(format!(
                "the limits of `{}` are longer than the {} that there are: {}; raise GRACEFUL_TIMEOUT, or lower {}",
                plan.name(),
                Written(time),
                limited.path_as_text(),
                set.join(" or "),
            ));
        }
        Ok(limited)
    }

    /// What to do where the steps of this one take longer than it may.
    fn advice(&self, outer: &str) -> String {
        let outer = variable(outer);
        let below = format!("{outer}_");
        match self.0.iter().find(|(name, _)| name.starts_with(&below)) {
            Some((name, _)) => format!("lower {PREFIX}{name}, or set {PREFIX}{outer} too"),
            None => format!("raise {PREFIX}{outer}"),
        }
    }

    /// That a variable names no field of a plan, where one does.
    fn unknown(&self, plan: &Plan) -> Option<String> {
        let names: Vec<_> = plan.paths().iter().map(|path| variable(path)).collect();
        let (unknown, _) = self.0.iter().find(|(name, _)| !names.contains(name))?;
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let hint = match similar(unknown, &known) {
            Some(meant) => format!("did you mean {PREFIX}{meant}?"),
            None if names.is_empty() => "it has none".to_owned(),
            None if names.len() > LISTED => "fields are called as in the report".to_owned(),
            None => format!("there are {PREFIX}{}", names.join(&format!(", {PREFIX}"))),
        };
        let name = plan.name();
        Some(format!(
            "{PREFIX}{unknown} names no field of `{name}`: {hint}"
        ))
    }
}

/// What a field is called in the environment, behind the prefix.
fn variable(path: &str) -> String {
    let letter = |letter: char| {
        let is_part = letter.is_ascii_alphanumeric() || !letter.is_ascii();
        if is_part {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    path.chars().map(letter).collect()
}

/// The limits of one process: what they make of each plan that is handed over, and of each step.
pub(crate) struct FromEnvironment {
    limits: FieldLimits,
    /// What the closes have together.
    time: Duration,
    /// By the plan of the state that `main` returns: those of others may have none of these fields.
    are_checked: bool,
    /// The plans with them. A mutex: written when a state is handed over, and read when a group of steps begins.
    plans: Lock<Vec<Plan>>,
}

impl FromEnvironment {
    /// Of what the environment has; none where it says nothing of fields. `plan` is that of the state that `main` returns.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong, or does not fit.
    pub(crate) fn read(
        variables: impl Iterator<Item = (OsString, OsString)>,
        time: Duration,
        plan: Option<&Plan>,
    ) -> Result<Option<Self>, String> {
        let limits = FieldLimits::among(variables)?;
        if limits.is_empty() {
            return Ok(None);
        }
        if let Some(plan) = plan {
            if let Some(unknown) = limits.unknown(plan) {
                return Err(unknown);
            }
            limits.applied(plan, time)?;
        }
        Ok(Some(Self {
            limits,
            time,
            are_checked: plan.is_some(),
            plans: Lock::default(),
        }))
    }
}

impl Overrides for FromEnvironment {
    fn applied(&self, plan: &Plan) -> Result<Plan, String> {
        if let (Some(unknown), false) = (self.limits.unknown(plan), self.are_checked) {
            to_stderr(&unknown);
        }
        let limited = self.limits.applied(plan, self.time)?;
        self.plans.lock().push(limited);
        Ok(limited)
    }

    fn of_step(&self, path: &str) -> Option<TimeDemand> {
        let plans = self.plans.lock();
        let found = plans.iter().find_map(|plan| plan.step(path));
        found.map(Step::demand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Step;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const QUEUE: Plan = Plan::new("Queue", &[Step::new("consumer").timeout(s(2))]);

    const APP: Plan = Plan::new(
        "App",
        &[
            Step::new("http").timeout(s(10)),
            Step::new("queue").order(1).timeout(s(5)).plan(QUEUE),
            Step::new("big-db").order(2),
        ],
    );

    fn limits(variables: &[(&str, &str)]) -> Result<FieldLimits, String> {
        let variables = variables.iter();
        FieldLimits::among(variables.map(|(name, value)| (name.into(), value.into())))
    }

    fn applied(variables: &[(&str, &str)]) -> Result<Plan, String> {
        limits(variables)?.applied(&APP, s(25))
    }

    #[test]
    fn variables_are_the_limits_of_fields() {
        let limited = applied(&[
            ("GRACEFUL_TIMEOUT", "1s"),
            ("GRACEFUL_TIMEOUT_HTTP", "12s"),
            ("GRACEFUL_TIMEOUT_QUEUE_CONSUMER", "4s"),
            ("GRACEFUL_TIMEOUT_BIG_DB", "3s"),
            ("OTHER", "abc"),
        ]);
        let plan = limited.unwrap();
        let limit = |path: &str| plan.step(path).and_then(Step::declared);
        let paths = ["http", "queue", "queue.consumer", "big-db"];
        assert_eq!(plan.paths(), paths);
        assert_eq!(paths.map(limit), [12, 5, 4, 3].map(|limit| Some(s(limit))));
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        assert!(limits(&[("GRACEFUL_TIMEOUT_HTTP", "")]).unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_one_line_with_what_to_do() {
        for (name, value, words) in [
            ("HTTP", "5", "GRACEFUL_TIMEOUT_HTTP=\"5\" is not a duration"),
            ("HTTP", "0s", "must be longer than zero"),
            (
                "HTTP",
                "21s",
                "longer than the 25s that there are: http 21s -> queue 5s -> big-db = 26s; \
                 raise GRACEFUL_TIMEOUT, or lower GRACEFUL_TIMEOUT_HTTP",
            ),
            (
                "QUEUE_CONSUMER",
                "6s",
                "what is in `queue` takes 6s, longer than its own 5s: lower GRACEFUL_TIMEOUT_QUEUE_CONSUMER, \
                 or set GRACEFUL_TIMEOUT_QUEUE too",
            ),
            ("QUEUE", "1s", "raise GRACEFUL_TIMEOUT_QUEUE"),
        ] {
            let error = applied(&[(&format!("{PREFIX}{name}"), value)]).unwrap_err();
            assert!(error.contains(words), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_name_that_is_none_is_told_with_the_one_that_was_meant() {
        for (name, words) in [
            (
                "HTPP",
                "names no field of `App`: did you mean GRACEFUL_TIMEOUT_HTTP?",
            ),
            (
                "QUEUE_CONSUMR",
                "did you mean GRACEFUL_TIMEOUT_QUEUE_CONSUMER?",
            ),
            (
                "JOBS",
                "there are GRACEFUL_TIMEOUT_HTTP, GRACEFUL_TIMEOUT_QUEUE, GRACEFUL_TIMEOUT_QUEUE_CONSUMER, \
                 GRACEFUL_TIMEOUT_BIG_DB",
            ),
        ] {
            let limits = limits(&[(&format!("{PREFIX}{name}"), "5s")]).unwrap();
            let error = limits.unknown(&APP).unwrap();
            assert!(error.contains(words), "{error}");
        }
        let known = limits(&[("GRACEFUL_TIMEOUT_BIG_DB", "5s")]).unwrap();
        assert_eq!(known.unknown(&APP), None);
    }

    #[test]
    fn two_fields_of_one_variable_are_told_apart_by_the_program() {
        const PLAN: Plan = Plan::new(
            "App",
            &[
                Step::new("queue").plan(QUEUE),
                Step::new("queue_consumer").order(1),
            ],
        );
        let variables = limits(&[("GRACEFUL_TIMEOUT_QUEUE_CONSUMER", "1s")]).unwrap();
        let error = variables.applied(&PLAN, s(25)).unwrap_err();
        assert!(
            error.contains("`queue.consumer` as well as of `queue_consumer`"),
            "{error}"
        );
        let others = limits(&[("GRACEFUL_TIMEOUT_QUEUE", "9s")]).unwrap();
        assert!(others.applied(&PLAN, s(25)).is_ok());
    }

    #[test]
    fn a_total_that_is_too_short_for_what_is_written_is_no_mistake_of_a_field() {
        let limits = limits(&[("GRACEFUL_TIMEOUT_HTTP", "1s")]).unwrap();
        assert!(limits.applied(&APP, s(3)).is_ok());
    }
}
