//! The embedded broker: opening its data directory, starting it, and reaching it without a socket.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Context;
use freshet_broker::{Broker, BrokerOptions, ListenerOptions};
use freshet_client::{Address, Error, Pipe, Transport};
use freshet_cluster::Principal;
use freshet_cluster::config::BrokerConfig;
use freshet_storage::{
    Durability, Finding, RecoveryReport, StdDisk, Store, StoreOptions, SystemClock,
};
use tracing::{info, warn};

use crate::config::Settings;

/// Opens the data directory and starts the broker on it.
///
/// # Errors
/// What stands in the way and what to do about it, ready to be shown.
pub(crate) async fn start(settings: &Settings) -> anyhow::Result<Arc<Broker>> {
    let config = broker_config(settings)?;
    let disk = Arc::new(StdDisk);
    let clock = Arc::new(SystemClock::new());
    let options = StoreOptions::new(&settings.data_dir);
    let (store, recovery) = Store::open(disk, clock.clone(), options)
        .with_context(|| format!("cannot open {}", settings.data_dir.display()))?;
    report(&recovery);
    let listeners = settings
        .kafka
        .iter()
        .map(|listener| ListenerOptions {
            name: listener.name.clone(),
            bind: listener.bind(),
            advertised: listener.advertised.clone(),
        })
        .collect();
    let options = BrokerOptions { listeners, config };
    let broker = Broker::start(Arc::new(store), recovery, clock, options).await?;
    Ok(Arc::new(broker))
}

/// The broker properties, from `--set` and from the options that stand for one.
fn broker_config(settings: &Settings) -> anyhow::Result<BrokerConfig> {
    // What is left at its default is not passed on, or every topic would list it as set.
    let mut pairs = Vec::new();
    if settings.durability != Durability::default() {
        pairs.push(("freshet.durability".to_owned(), settings.durability_name().to_owned()));
    }
    if settings.clamp_replication {
        pairs.push(("clamp-replication".to_owned(), "true".to_owned()));
    }
    pairs.extend(settings.properties.iter().cloned());
    BrokerConfig::from_pairs(pairs).map_err(|refusal| anyhow::anyhow!("--set: {refusal}"))
}

fn report(recovery: &RecoveryReport) {
    if recovery.was_clean {
        return;
    }
    info!(logs = recovery.log_count, "the last stop was not clean, the newest bytes were checked");
    for found in &recovery.findings {
        match &found.finding {
            Finding::TornTail { at_offset, size_bytes, .. } => {
                info!(log = %found.log, at_offset, size_bytes, "cut off an unacknowledged torn tail");
            }
            other => warn!(log = %found.log, finding = ?other, "damage on disk"),
        }
    }
}

/// Reaches the broker of this process as `principal`; every address is that broker.
pub(crate) struct InProcess {
    broker: Arc<Broker>,
    principal: Principal,
    purpose: &'static str,
}

impl InProcess {
    /// A transport whose connections show `purpose` where sockets show an address.
    pub(crate) fn new(
        broker: Arc<Broker>,
        principal: Principal,
        purpose: &'static str,
    ) -> InProcess {
        InProcess { broker, principal, purpose }
    }
}

impl Transport for InProcess {
    fn connect<'a>(
        &'a self,
        address: &'a Address,
    ) -> Pin<Box<dyn Future<Output = Result<Pipe, Error>> + Send + 'a>> {
        Box::pin(async move {
            let local = self.broker.connect_local(self.principal.clone(), self.purpose);
            let local = local.ok_or_else(|| Error::Connect {
                address: address.to_string(),
                reason: "the limit of connections is reached".to_owned(),
            })?;
            let (requests, answers) = local.into_parts();
            Ok(Pipe { requests, answers })
        })
    }
}
