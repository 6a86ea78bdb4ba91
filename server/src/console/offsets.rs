//! Moving committed offsets: what would happen, then exactly that.

use freshet_app::error::{Answer, AppError};
use freshet_app::model::offsets::{OffsetEdit, OffsetMove, OffsetPreview, OffsetTarget};
use freshet_client::{OffsetAsk, OffsetSpec, OffsetToCommit};

use super::{KafkaCluster, errors};
use crate::sampler::{GroupSample, Sample};

/// What an edit would do to each partition.
pub(super) async fn preview(cluster: &KafkaCluster, edit: OffsetEdit) -> Answer<OffsetPreview> {
    cluster.sampler.refresh().await;
    let sample = cluster.sample().await?;
    let group = sample
        .groups
        .get(&edit.group)
        .ok_or_else(|| AppError::NotFound { what: errors::group(&edit.group) })?;
    let chosen = chosen(&sample, group, &edit)?;
    let wishes = wishes(cluster, &edit, &chosen).await?;
    let moves = chosen
        .into_iter()
        .zip(wishes)
        .map(|(place, wish)| {
            let after = wish.clamp(place.start, place.end);
            OffsetMove {
                topic: place.topic,
                partition: place.partition,
                log_start_offset: place.start,
                log_end_offset: place.end,
                before: place.committed,
                after,
                is_clamped: after != wish,
            }
        })
        .collect();
    Ok(OffsetPreview { now_ms: sample.at_ms, moves, blocked: blocked(group), edit })
}

/// Commits exactly the moves of a preview.
pub(super) async fn apply(cluster: &KafkaCluster, preview: OffsetPreview) -> Answer<()> {
    let group = &preview.edit.group;
    cluster.sampler.refresh().await;
    let sample = cluster.sample().await?;
    let known = sample
        .groups
        .get(group)
        .ok_or_else(|| AppError::NotFound { what: errors::group(group) })?;
    if let Some(reason) = blocked(known) {
        return Err(AppError::Conflict { reason });
    }
    for each in &preview.moves {
        let index = usize::try_from(each.partition).unwrap_or(usize::MAX);
        let topic = sample.topics.get(&each.topic);
        let marks = topic.and_then(|topic| topic.partitions.get(index));
        if !marks.is_some_and(|marks| (marks.start..=marks.end).contains(&each.after)) {
            let reason = format!(
                "offset {} of {}-{} has left the log since the preview; preview again",
                each.after, each.topic, each.partition
            );
            return Err(AppError::Conflict { reason });
        }
    }
    let offsets: Vec<OffsetToCommit> = preview
        .moves
        .iter()
        .map(|each| OffsetToCommit {
            topic: each.topic.clone(),
            partition: each.partition,
            offset: each.after,
        })
        .collect();
    cluster
        .client
        .commit_offsets(group, &offsets)
        .await
        .map_err(|error| errors::about(&errors::group(group), &error))?;
    cluster.sampler.refresh().await;
    Ok(())
}

fn blocked(group: &GroupSample) -> Option<String> {
    (!group.members.is_empty()).then(|| {
        "the group has members, which would go on from where they are; stop them first".to_owned()
    })
}

/// One partition that an edit is about.
struct Place {
    topic: String,
    partition: i32,
    start: i64,
    end: i64,
    committed: Option<i64>,
}

/// Partitions in which the group stands; a named topic may also be one that it has never read.
fn chosen(sample: &Sample, group: &GroupSample, edit: &OffsetEdit) -> Answer<Vec<Place>> {
    let mut topics: Vec<&str> = match &edit.topic {
        Some(topic) => vec![topic],
        None => group.standings.keys().map(|(topic, _)| topic.as_str()).collect(),
    };
    topics.dedup();
    let mut places = Vec::new();
    for topic in topics {
        let known = sample
            .topics
            .get(topic)
            .ok_or_else(|| AppError::NotFound { what: errors::topic(topic) })?;
        for (index, marks) in known.partitions.iter().enumerate() {
            let partition = i32::try_from(index).unwrap_or(i32::MAX);
            if !edit.partitions.is_empty() && !edit.partitions.contains(&partition) {
                continue;
            }
            let standing = group.standings.get(&(topic.to_owned(), partition));
            places.push(Place {
                topic: topic.to_owned(),
                partition,
                start: marks.start,
                end: marks.end.max(marks.start),
                committed: standing.map(|standing| standing.committed),
            });
        }
    }
    if places.is_empty() {
        let reason = "no partition is chosen".to_owned();
        return Err(AppError::Invalid { field: "partitions".to_owned(), reason });
    }
    Ok(places)
}

/// Where each place should go, before it is held inside the log.
async fn wishes(cluster: &KafkaCluster, edit: &OffsetEdit, places: &[Place]) -> Answer<Vec<i64>> {
    if let OffsetTarget::Time(at_ms) = edit.target {
        return by_time(cluster, places, at_ms).await;
    }
    let wish = |place: &Place| match edit.target {
        OffsetTarget::Earliest | OffsetTarget::Time(_) => place.start,
        OffsetTarget::Latest => place.end,
        OffsetTarget::Offset(offset) => offset,
        OffsetTarget::Shift(by) => place.committed.unwrap_or(place.start).saturating_add(by),
    };
    Ok(places.iter().map(wish).collect())
}

async fn by_time(cluster: &KafkaCluster, places: &[Place], at_ms: i64) -> Answer<Vec<i64>> {
    let asks: Vec<OffsetAsk> = places
        .iter()
        .map(|place| OffsetAsk {
            topic: place.topic.clone(),
            partition: place.partition,
            spec: OffsetSpec::At(at_ms),
        })
        .collect();
    let found = cluster
        .client
        .list_offsets(&asks)
        .await
        .map_err(|error| errors::about("offsets by time", &error))?;
    let offset_of = |place: &Place| {
        let answer = found
            .iter()
            .find(|found| found.topic == place.topic && found.partition == place.partition);
        // Nothing at or after that time: everything has been read.
        answer.and_then(|found| found.offset).unwrap_or(place.end)
    };
    Ok(places.iter().map(offset_of).collect())
}
