//! Types that carry what is said of the stop itself: its log, its spans, its errors.

use crate::shutdown::state::WRAPPERS;
use crate::types::{arguments, is_called, last_segment};
use syn::Type;

const CARRIERS: [&str; 5] = [
    "ClientInitGuard",
    "SdkLoggerProvider",
    "SdkMeterProvider",
    "SdkTracerProvider",
    "WorkerGuard",
];

/// What a field's type is called that carries them, by itself or in what others are put into.
pub(crate) fn carrier(ty: &Type) -> Option<&'static str> {
    let found = CARRIERS.iter().find(|name| is_called(ty, &[name]));
    found.copied().or_else(|| {
        let last = last_segment(ty).filter(|_| is_called(ty, &WRAPPERS))?;
        arguments(last).find_map(carrier)
    })
}

#[cfg(test)]
mod tests {
    use super::carrier;
    use quote::quote;

    #[test]
    fn what_carries_the_log_is_known_by_its_name() {
        for (ty, name) in [
            (quote!(WorkerGuard), Some("WorkerGuard")),
            (
                quote!(tracing_appender::non_blocking::WorkerGuard),
                Some("WorkerGuard"),
            ),
            (
                quote!(Option<sentry::ClientInitGuard>),
                Some("ClientInitGuard"),
            ),
            (quote!(Vec<Box<WorkerGuard>>), Some("WorkerGuard")),
            (quote!(MutexGuard<'static, WorkerGuard>), None),
            (quote!(WorkerGuards), None),
        ] {
            assert_eq!(carrier(&syn::parse2(ty.clone()).unwrap()), name, "{ty}");
        }
    }
}
