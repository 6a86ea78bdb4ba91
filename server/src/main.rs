//! Freshet: Kafka and a console for it, in one binary.

mod config;
mod engine;

fn main() -> anyhow::Result<()> {
    let matches = config::command().get_matches();
    let settings = config::Settings::resolve(&matches)?;
    tracing_subscriber::fmt().with_env_filter(settings.log.clone()).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let broker = engine::start(&settings).await?;
        tracing::info!(addresses=?broker.addresses(), "up");
        tokio::signal::ctrl_c().await?;
        broker.stop().await;
        Ok(())
    })
}
