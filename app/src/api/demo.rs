//! The demo topic.

use crate::error::AppError;
use leptos::prelude::*;
use server_fn::codec::Postcard;

/// Starts the generator and its two groups, making the topic when needed.
#[server(prefix = "/api/ui", endpoint = "demo/start", output = Postcard)]
pub async fn start_demo(cluster: String) -> Result<(), AppError> {
    use crate::routes::{TopicTab, topic};
    let state = super::server::cluster(&cluster)?.start_demo().await?;
    super::server::lead_to(&topic(&cluster, &state.topic, TopicTab::Messages));
    Ok(())
}

/// Stops the generator and its groups; the topic stays.
#[server(prefix = "/api/ui", endpoint = "demo/stop", output = Postcard)]
pub async fn stop_demo(cluster: String) -> Result<(), AppError> {
    super::server::cluster(&cluster)?.stop_demo().await?;
    super::server::lead_to(&crate::routes::overview(&cluster));
    Ok(())
}
