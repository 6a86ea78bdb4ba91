//! Rebalances of a group in sentences: what happened, and why.

use freshet_app::model::group::{GroupEvent, GroupEventKind};
use freshet_broker::{Rebalance, RebalanceReason};

use super::KafkaCluster;

/// Events that a page lists.
const EVENTS_MAX: usize = 50;

/// The newest events of a group; empty where no engine remembers them.
pub(super) async fn newest_first(cluster: &KafkaCluster, group: &str) -> Vec<GroupEvent> {
    let mut events = all(cluster, group).await;
    events.sort_by_key(|event| std::cmp::Reverse(event.at_ms));
    events.truncate(EVENTS_MAX);
    events
}

/// The events since a time, oldest first.
pub(super) async fn within(cluster: &KafkaCluster, group: &str, from_ms: i64) -> Vec<GroupEvent> {
    let mut events = all(cluster, group).await;
    events.retain(|event| event.at_ms >= from_ms);
    events.sort_by_key(|event| event.at_ms);
    events
}

async fn all(cluster: &KafkaCluster, group: &str) -> Vec<GroupEvent> {
    let Some(engine) = &cluster.engine else { return Vec::new() };
    let Some(view) = engine.group(group).await else { return Vec::new() };
    view.rebalances.iter().flat_map(events_of).collect()
}

/// One event for each reason, and one for the end.
fn events_of(rebalance: &Rebalance) -> Vec<GroupEvent> {
    let mut events: Vec<GroupEvent> = rebalance
        .reasons
        .iter()
        .map(|reason| {
            let (kind, title, detail) = sentence(reason);
            GroupEvent { at_ms: rebalance.began_ms, kind, title, detail }
        })
        .collect();
    if let Some(finished_ms) = rebalance.finished_ms {
        let stood_ms = finished_ms - rebalance.began_ms;
        let members = rebalance.member_count;
        let noun = if members == 1 { "member" } else { "members" };
        events.push(GroupEvent {
            at_ms: finished_ms,
            kind: GroupEventKind::Rebalance,
            title: "Rebalance finished".to_owned(),
            detail: format!(
                "stood still {}.{} s · {members} {noun}",
                stood_ms / 1_000,
                stood_ms % 1_000 / 100
            ),
        });
    }
    events
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1_000, ms % 1_000 / 100)
}

fn sentence(reason: &RebalanceReason) -> (GroupEventKind, String, String) {
    use GroupEventKind::{MemberJoined, MemberLeft, MemberRemoved, Other};
    let said = |client_reason: &Option<String>| client_reason.clone().unwrap_or_default();
    match reason {
        RebalanceReason::MemberJoined { client_id, member_id } => {
            (MemberJoined, format!("{client_id} joined"), member_id.clone())
        }
        RebalanceReason::SubscriptionChanged { member_id, client_reason } => {
            (Other, format!("{member_id} changed its subscription"), said(client_reason))
        }
        RebalanceReason::LeaderRejoined { client_reason, .. } => {
            (Other, "The leader asked for a new assignment".to_owned(), said(client_reason))
        }
        RebalanceReason::TopicGrew { topic, partition_count } => {
            (Other, format!("{topic} grew"), format!("{partition_count} partitions now"))
        }
        RebalanceReason::StaticMemberReplaced { instance_id } => {
            (Other, format!("{instance_id} was replaced"), String::new())
        }
        RebalanceReason::MemberLeft { client_id, client_reason, .. } => {
            (MemberLeft, format!("{client_id} left"), said(client_reason))
        }
        RebalanceReason::MissedHeartbeat { client_id, silent_ms, .. } => (
            MemberRemoved,
            format!("{client_id} removed"),
            format!("no heartbeat for {}", seconds(*silent_ms)),
        ),
        RebalanceReason::MissedRebalance { client_id, waited_ms, .. } => (
            MemberRemoved,
            format!("{client_id} removed"),
            format!("did not come back to the rebalance within {}", seconds(*waited_ms)),
        ),
        RebalanceReason::MissedSync { client_id, .. } => (
            MemberRemoved,
            format!("{client_id} removed"),
            "joined, and did not fetch its assignment in time".to_owned(),
        ),
        RebalanceReason::GroupTooLarge => {
            (Other, "The group is larger than group.max.size".to_owned(), String::new())
        }
    }
}
