//! From settings to a running process, and back down.

use std::sync::Arc;

use anyhow::Context;
use freshet_app::console::ConsoleContext;
use freshet_broker::Broker;
use freshet_client::{Client, ClientOptions, TcpTransport, Transport};
use freshet_cluster::Principal;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};
use tracing_subscriber::EnvFilter;

use crate::config::Settings;
use crate::console::{Activity, Clusters, DemoTasks, KafkaCluster};
use crate::db::LagStore;
use crate::http::{Assets, Door};
use crate::sampler::{Sampler, history_queue};
use crate::{db, engine, http};

/// Name of the embedded cluster in URLs, and of an attached one.
const EMBEDDED: &str = "local";
const ATTACHED: &str = "cluster";

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps the process from starting, with what to do.
pub fn run(matches: &clap::ArgMatches) -> anyhow::Result<()> {
    let settings = Settings::resolve(matches)?;
    let filter = EnvFilter::try_new(&settings.log)
        .with_context(|| format!("--log {} is not a filter", settings.log))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(&settings))
}

async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let socket = TcpListener::bind(settings.console).await.with_context(|| {
        format!(
            "cannot serve the console on {}: stop what uses the port, or choose another one with \
             --console",
            settings.console
        )
    })?;
    // Kafka clients are served first: the console's database opens behind them.
    let broker = match settings.cluster {
        Some(_) => None,
        None => Some(engine::start(settings).await?),
    };
    let assets = Arc::new(Assets::load());
    let cluster = cluster(settings, broker.as_ref(), &assets).await?;
    let address = socket.local_addr()?;
    announce(settings, broker.as_deref(), address);

    let door = Door {
        sampler: Some(Arc::clone(&cluster.sampler)),
        console: ConsoleContext(Arc::new(Clusters::new(cluster))),
        assets,
    };
    let app = http::router(door, settings.console_hosts.clone());
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    tokio::select! {
        served = axum::serve(socket, app).into_future() => served?,
        () = stop => {}
    }
    if let Some(broker) = broker {
        broker.stop().await;
    }
    Ok(())
}

/// Everything about the one cluster, with its sampler and its history at work.
async fn cluster(
    settings: &Settings,
    broker: Option<&Arc<Broker>>,
    assets: &Assets,
) -> anyhow::Result<Arc<KafkaCluster>> {
    let (name, transport, bootstrap): (_, Arc<dyn Transport>, _) = match (broker, &settings.cluster)
    {
        (Some(broker), _) => {
            let principal = Principal::user("console");
            let transport = engine::InProcess::new(Arc::clone(broker), principal, "console");
            (EMBEDDED, Arc::new(transport), "in-process:0")
        }
        (None, cluster) => {
            let bootstrap = cluster.as_deref().unwrap_or_default();
            (ATTACHED, Arc::new(TcpTransport), bootstrap)
        }
    };
    let bootstrap = ClientOptions::parse_bootstrap(bootstrap)
        .map_err(|reason| anyhow::anyhow!("--cluster: {reason}"))?;
    let options = ClientOptions { bootstrap, client_id: "freshet-console".to_owned() };
    let client = Arc::new(Client::new(transport, options));
    let engine = broker.map(|broker| broker.engine());
    let sampler = Sampler::new(Arc::clone(&client), engine.clone());
    let history = history(settings, name).await;
    let (samples, queue) = history_queue();
    tokio::spawn(Arc::clone(&sampler).run(samples));
    match history.clone() {
        Some(history) => {
            tokio::spawn(history.record(queue));
        }
        None => {
            tokio::spawn(drain(queue));
        }
    }
    Ok(Arc::new(KafkaCluster {
        name: name.to_owned(),
        client,
        durability: broker.map(|_| durability(settings)),
        engine,
        sampler,
        history,
        activity: Activity::default(),
        demo: DemoTasks::default(),
        build: assets.build_hash(),
        exposure_warning: (!settings.console.ip().is_loopback()).then(|| {
            "Everybody who reaches this address can read and change everything: there is no login yet."
                .to_owned()
        }),
    }))
}

/// The lag history; without its database the console works, only without the past.
async fn history(settings: &Settings, cluster: &str) -> Option<LagStore> {
    let opened = async {
        std::fs::create_dir_all(&settings.data_dir).map_err(sqlx::Error::Io)?;
        db::open(&settings.data_dir).await
    };
    match opened.await {
        Ok(pool) => Some(LagStore::new(pool, cluster)),
        Err(error) => {
            warn!(%error, "the console's database cannot be opened: lag history is kept in memory only");
            None
        }
    }
}

/// Keeps the queue empty where nobody records.
async fn drain(mut queue: tokio::sync::mpsc::Receiver<Arc<crate::sampler::Sample>>) {
    while queue.recv().await.is_some() {}
}

fn durability(settings: &Settings) -> freshet_app::model::cluster::Durability {
    use freshet_app::model::cluster::Durability as Shown;
    use freshet_storage::Durability;
    match settings.durability {
        Durability::Acked => Shown::Acked,
        Durability::Strict => Shown::Strict,
        Durability::PageCache => Shown::PageCache,
    }
}

/// One line of JSON on stdout, for whoever started us.
#[expect(clippy::print_stdout, reason = "scripts read the line from stdout; the log is on stderr")]
fn announce(settings: &Settings, broker: Option<&Broker>, console: std::net::SocketAddr) {
    let kafka: Vec<String> = broker
        .map(|broker| broker.addresses().iter().map(ToString::to_string).collect())
        .unwrap_or_default();
    let line = json!({
        "event": "up",
        "version": env!("CARGO_PKG_VERSION"),
        "mode": if broker.is_some() { "embedded" } else { "attached" },
        "kafka": kafka,
        "cluster": settings.cluster,
        "console": format!("http://{console}"),
        "data_dir": settings.data_dir,
        "pid": std::process::id(),
    });
    println!("{line}");
    info!(console = %format!("http://{console}"), kafka = ?kafka, "up");
}
