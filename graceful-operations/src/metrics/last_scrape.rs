//! One more scrape, before the process ends.

use super::installed::Installed;
use graceful_runtime::{Context, Result, Shutdown};
use std::time::Duration;
use tokio::time::timeout;

/// What its step keeps of its time, so that it ends by itself and says that nobody came: of a short one a tenth. Enough for a thread of a
/// busy machine to get there.
const FOR_ITS_NOTE: Duration = Duration::from_millis(200);

/// Waits for one more scrape when its turn to close has come: a field of the state behind everything that is measured, and
/// before the server that answers the scrape.
///
/// What is known by then is recorded first: how long the stop took, and what went wrong. It waits until a scrape has
/// these values, at most to its limit: give it a `timeout` somewhat longer than the interval of the scraper. Nobody waits
/// where there has never been a scrape. If none comes, a note in the report says so.
#[derive(Debug)]
pub struct LastScrape(Installed);

impl Installed {
    /// A field of the state that waits for one more scrape once everything before it is closed. Behind it stands the
    /// server that answers that.
    pub fn last_scrape(&self) -> LastScrape {
        LastScrape(self.clone())
    }
}

impl Shutdown for LastScrape {
    async fn shutdown(self, cx: Context) -> Result {
        self.0.record_so_far();
        if !self.0.is_scraped() {
            return Ok(());
        }
        cx.progress("waiting for a last scrape");
        let remaining = cx.remaining();
        let limit = remaining.saturating_sub(FOR_ITS_NOTE.min(remaining / 10));
        if timeout(limit, self.0.scraped()).await.is_err() {
            cx.note(format!(
                "no scrape came within {:.1} s: the last values are in the report alone",
                limit.as_secs_f64()
            ));
        }
        Ok(())
    }
}
