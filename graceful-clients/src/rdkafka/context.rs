//! What hears of rebalances.

use super::offsets::Partitions;
use rdkafka::ClientContext;
use rdkafka::client::OAuthToken;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;
use std::error::Error;

/// The context of the client of a source: one of the user's, and beside it what has to hear of partitions that are taken away.
#[derive(Debug)]
pub(super) struct SourceContext<C> {
    inner: C,
    pub(super) partitions: Partitions,
}

impl<C> SourceContext<C> {
    pub(super) fn new(inner: C) -> Self {
        Self {
            inner,
            partitions: Partitions::default(),
        }
    }
}

impl<C: ClientContext> ClientContext for SourceContext<C> {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = C::ENABLE_REFRESH_OAUTH_TOKEN;

    fn log(&self, level: RDKafkaLogLevel, fac: &str, log_message: &str) {
        self.inner.log(level, fac, log_message);
    }

    fn stats(&self, statistics: Statistics) {
        self.inner.stats(statistics);
    }

    fn stats_raw(&self, statistics: &[u8]) {
        self.inner.stats_raw(statistics);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.inner.error(error, reason);
    }

    fn generate_oauth_token(
        &self,
        oauthbearer_config: Option<&str>,
    ) -> Result<OAuthToken, Box<dyn Error>> {
        self.inner.generate_oauth_token(oauthbearer_config)
    }
}

impl<C: ClientContext> ConsumerContext for SourceContext<C> {
    fn pre_rebalance(&self, _consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(partitions) = rebalance {
            for revoked in partitions.elements() {
                self.partitions.revoke(revoked.topic(), revoked.partition());
            }
        }
    }
}
