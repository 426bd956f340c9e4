//! The report as JSON: times are numbers of milliseconds, so that they can be graphed.

use super::{Report, StepReport};
use crate::reason::Reason;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::time::{Duration, UNIX_EPOCH};

/// To a microsecond.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn optional_ms(duration: Option<Duration>) -> Option<f64> {
    duration.map(ms)
}

impl Reason {
    fn kind(&self) -> &'static str {
        match self {
            Self::Signal(_) => "signal",
            Self::Requested(_) => "requested",
            Self::Exit(_) => "exit",
            Self::CriticalTask { .. } => "critical_task",
            Self::MainReturned => "main_returned",
            Self::MainFailed(_) => "main_failed",
            Self::MainPanicked(_) => "main_panicked",
        }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let began = self.began_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut json = serializer.serialize_struct("Report", 19)?;
        json.serialize_field("reason", &self.reason.to_string())?;
        json.serialize_field("reason_kind", self.reason.kind())?;
        json.serialize_field(
            "forced_by",
            &self.forced_by.map(|signal| signal.to_string()),
        )?;
        json.serialize_field("clean", &self.is_clean())?;
        json.serialize_field("exit_code", &self.exit_code)?;
        json.serialize_field("began_unix_ms", &ms(began))?;
        json.serialize_field("budget_ms", &ms(self.budget))?;
        json.serialize_field("total_ms", &ms(self.total))?;
        json.serialize_field("main_overran", &self.main_overran)?;
        json.serialize_field("main_dropped", &self.main_dropped)?;
        json.serialize_field("closing_threads_exhausted", &self.closing_threads_exhausted)?;
        json.serialize_field("deadline_passed", &self.deadline_passed)?;
        json.serialize_field("causes", &self.causes())?;
        json.serialize_field("steps", &self.steps)?;
        json.serialize_field("omitted_steps", &self.omitted_steps)?;
        json.serialize_field("omitted_unclean", &self.omitted_unclean)?;
        json.serialize_field("waited_for", &self.waited_for)?;
        json.serialize_field("leaked_tasks", &self.leaked_tasks)?;
        json.serialize_field("left_behind", &self.left_behind)?;
        json.end()
    }
}

impl Serialize for StepReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("StepReport", 13)?;
        json.serialize_field("name", &self.name)?;
        json.serialize_field("outcome", &self.outcome.as_str().replace(' ', "_"))?;
        json.serialize_field("error", &self.outcome.message())?;
        json.serialize_field("last_word", &self.progress)?;
        json.serialize_field("note", &self.note)?;
        json.serialize_field("in_flight", &self.in_flight)?;
        json.serialize_field("timeout_ms", &optional_ms(self.timeout))?;
        json.serialize_field("limit_ms", &optional_ms(self.limit))?;
        json.serialize_field("started_ms", &optional_ms(self.started))?;
        json.serialize_field("took_ms", &ms(self.took))?;
        json.serialize_field("blocked", &self.blocked)?;
        json.serialize_field("thread", &self.thread)?;
        json.serialize_field("steps", &self.steps)?;
        json.end()
    }
}
