//! What the environment asks for, settled before anything runs.

#[cfg(feature = "plan")]
use super::plan;
#[cfg(feature = "field-limits")]
use crate::field_limits::FromEnvironment;
use crate::log::to_stderr;
use crate::plan::{Overrides, Plan};
use crate::settings::{BAD_ENVIRONMENT, Settings};
use crate::similar::similar;
use std::ffi::OsStr;
use std::sync::Arc;

/// The settings as the environment has them, and what it says of single fields, where it does. `plan` is that of the state
/// that `main` returns. Ends the process where the environment is wrong, and where it only asks for the plan.
#[track_caller]
pub(super) fn settle(
    settings: Settings,
    plan: Option<&Plan>,
) -> (Settings, Option<Arc<dyn Overrides>>) {
    let settings = settings
        .overridden_by(&|name| std::env::var_os(name))
        .unwrap_or_else(|error| refuse(&error));
    let limits = field_limits(&settings, plan);
    tell_what_is_misspelt();
    // As with the other variables: manifests often can't leave one away.
    let asked = std::env::var_os("GRACEFUL_PLAN").filter(|asked| !asked.is_empty());
    if let Some(asked) = asked {
        print_plan(&asked, &settings, plan, limits.as_deref());
    }
    (settings, limits)
}

/// A name that is not ours may be the program's own, or that of a service in Kubernetes: one that is nearly ours is no reason
/// not to start.
fn tell_what_is_misspelt() {
    const OURS: [&str; 5] = ["DELAY", "GRACE", "PLAN", "REPORT_FILE", "TIMEOUT"];
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let Some(written) = name.strip_prefix("GRACEFUL_") else {
            continue;
        };
        if OURS.contains(&written) || written.starts_with("TIMEOUT_") || value.is_empty() {
            continue;
        }
        if let Some(meant) = similar(written, &OURS) {
            to_stderr(&format!(
                "{name} changes nothing: did you mean GRACEFUL_{meant}?"
            ));
        }
    }
}

#[cfg(feature = "field-limits")]
fn field_limits(settings: &Settings, plan: Option<&Plan>) -> Option<Arc<dyn Overrides>> {
    let time = settings.timeout.saturating_sub(settings.delay);
    match FromEnvironment::read(std::env::vars_os(), time, plan) {
        Ok(limits) => limits.map(|limits| Arc::new(limits) as Arc<dyn Overrides>),
        Err(error) => refuse(&error),
    }
}

#[cfg(not(feature = "field-limits"))]
fn field_limits(_: &Settings, _: Option<&Plan>) -> Option<Arc<dyn Overrides>> {
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("GRACEFUL_TIMEOUT_") && !value.is_empty() {
            refuse_without_feature(&name, "field-limits");
        }
    }
    None
}

#[cfg(feature = "plan")]
fn print_plan(
    asked: &OsStr,
    settings: &Settings,
    plan: Option<&Plan>,
    limits: Option<&dyn Overrides>,
) -> ! {
    use std::io::Write as _;

    let limited = plan.zip(limits).map(|(plan, limits)| limits.applied(plan));
    let limited = limited.transpose().unwrap_or_else(|error| refuse(&error));
    let plan = limited.as_ref().or(plan);
    let text = plan::answer(asked, settings, plan).unwrap_or_else(|error| refuse(&error));
    let written = std::io::stdout().write_all(text.as_bytes());
    std::process::exit(i32::from(written.is_err()))
}

#[cfg(not(feature = "plan"))]
fn print_plan(_: &OsStr, _: &Settings, _: Option<&Plan>, _: Option<&dyn Overrides>) -> ! {
    refuse_without_feature("GRACEFUL_PLAN", "plan")
}

#[cfg(not(all(feature = "plan", feature = "field-limits")))]
fn refuse_without_feature(variable: &str, feature: &str) -> ! {
    refuse(&format!(
        "{variable} needs the feature `{feature}` of `graceful-app`, which this program was built without: enable it, \
         or leave the variable away"
    ))
}

/// Ends the process, since what the environment says can't be followed.
fn refuse(error: &str) -> ! {
    to_stderr(error);
    std::process::exit(BAD_ENVIRONMENT.into())
}
