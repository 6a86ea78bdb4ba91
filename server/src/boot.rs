//! From settings to a running process, and back down.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use freshet_app::console::ConsoleContext;
use freshet_broker::Broker;
use freshet_client::{Client, ClientOptions, TcpTransport, Transport};
use freshet_cluster::Principal;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::timeout;
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
/// How long the lag history may take to be written when the process stops.
const RECORDER_STOP_SECONDS_MAX: u64 = 3;

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps the process from starting, with what to do.
pub(crate) fn run(matches: &clap::ArgMatches) -> anyhow::Result<()> {
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
    if settings.is_fake {
        return serve_fake(settings, socket).await;
    }
    // Kafka clients are served first: the console's database opens behind them.
    let broker = match settings.cluster {
        Some(_) => None,
        None => Some(engine::start(settings).await?),
    };
    let assets = Arc::new(Assets::load());
    let (cluster, recorder) = cluster(settings, broker.as_ref(), &assets).await?;
    let address = socket.local_addr()?;
    announce(settings, broker.as_deref(), address);

    let door = Door {
        build: assets.build_hash(),
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
    recorder.stop().await;
    if let Some(broker) = broker {
        broker.stop().await;
    }
    Ok(())
}

/// Serves made-up clusters without any broker, until the process is ended.
async fn serve_fake(settings: &Settings, socket: TcpListener) -> anyhow::Result<()> {
    announce(settings, None, socket.local_addr()?);
    let console = ConsoleContext(Arc::new(freshet_app::fake::FakeConsole));
    let assets = Arc::new(Assets::load());
    let build = freshet_app::fake::BUILD.to_owned();
    let door = Door { console, assets, build, sampler: None };
    Ok(axum::serve(socket, http::router(door, settings.console_hosts.clone())).await?)
}

/// Everything about the one cluster, with its sampler and its history at work.
async fn cluster(
    settings: &Settings,
    broker: Option<&Arc<Broker>>,
    assets: &Assets,
) -> anyhow::Result<(Arc<KafkaCluster>, Recorder)> {
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
    let sampling = tokio::spawn(Arc::clone(&sampler).run(samples));
    let recording = match history.clone() {
        Some(history) => tokio::spawn(history.record(queue)),
        None => tokio::spawn(drain(queue)),
    };
    let cluster = KafkaCluster {
        name: name.to_owned(),
        client,
        durability: broker.map(|_| durability(settings)),
        engine,
        sampler,
        history,
        activity: Activity::default(),
        demo: DemoTasks::default(),
        build: assets.build_hash(),
        exposure_warning: is_exposed(settings).then(|| EXPOSED.to_owned()),
    };
    Ok((Arc::new(cluster), Recorder { sampling, recording }))
}

/// Shown on every page while anybody can do anything.
const EXPOSED: &str = "Everybody who reaches this address can read and change everything: there is \
                       no login yet.";

fn is_exposed(settings: &Settings) -> bool {
    let is_remote = |listener: &crate::config::KafkaListener| !listener.is_loopback();
    let serves_kafka = settings.cluster.is_none();
    !settings.console.ip().is_loopback() || serves_kafka && settings.kafka.iter().any(is_remote)
}

/// The sampler and what writes its samples down.
struct Recorder {
    sampling: JoinHandle<()>,
    recording: JoinHandle<()>,
}

impl Recorder {
    /// Ends sampling and waits until the minute under way is written.
    async fn stop(self) {
        self.sampling.abort();
        // Its queue ends with the sampler; a database that hangs must not hold up the stop.
        let _ = timeout(Duration::from_secs(RECORDER_STOP_SECONDS_MAX), self.recording).await;
    }
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
