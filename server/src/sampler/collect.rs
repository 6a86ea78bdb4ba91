//! Taking one sample, through the Kafka protocol.

use std::collections::BTreeMap;

use freshet_app::model::number::Rate;
use freshet_broker::Engine;
use freshet_client::{
    Client, ClusterMetadata, Error, GroupDescription, OffsetAsk, OffsetFound, OffsetSpec,
};
use freshet_wire::ErrorCode;
use futures::future::join_all;

use super::sample::{GroupSample, PartitionSample, Sample, StandingSample, TopicSample};

/// Groups asked about at once; each costs two requests.
const GROUPS_AT_ONCE: usize = 8;
/// Groups sampled at most; beyond it the first by name are.
const GROUPS_MAX: usize = 1_000;

/// Looks at everything once. `before` gives rates something to compare with.
pub(super) async fn collect(
    client: &Client,
    engine: Option<&Engine>,
    before: &Sample,
) -> Result<Sample, Error> {
    let metadata = client.metadata().await?;
    // Committed offsets first: ends read later can only be larger, so no lag is negative.
    let described = groups(client).await?;
    let marks = partition_marks(client, &metadata).await?;
    let at_ms = crate::clock::now_ms();
    let elapsed_ms = u64::try_from(at_ms - before.at_ms).unwrap_or(0).max(1);

    let mut sample = Sample { at_ms, metadata, ..Sample::default() };
    for (name, partitions) in marks {
        let known = before.topics.get(&name);
        let topic = topic_sample(partitions, known, elapsed_ms);
        if !sample.is_internal(&name) {
            sample.rate_in.0 += topic.rate_in.0;
        }
        sample.topics.insert(name, topic);
    }
    for (name, described, committed) in described {
        let known = before.groups.get(&name);
        let group = group_sample(&sample, engine, described, committed, known, elapsed_ms);
        sample.groups.insert(name, group);
    }
    if let Some(engine) = engine {
        count_traffic(&mut sample, engine, before, elapsed_ms);
    }
    Ok(sample)
}

fn rate(now: u64, before: u64, elapsed_ms: u64) -> Rate {
    Rate(now.saturating_sub(before).saturating_mul(1_000_000) / elapsed_ms)
}

fn count_traffic(sample: &mut Sample, engine: &Engine, before: &Sample, elapsed_ms: u64) {
    let totals = engine.totals();
    sample.totals = Some(totals);
    let Some(known) = before.totals else { return };
    sample.rate_out = Some(rate(totals.records_out, known.records_out, elapsed_ms));
    sample.bytes_in = Some(rate(totals.bytes_in, known.bytes_in, elapsed_ms));
    sample.bytes_out = Some(rate(totals.bytes_out, known.bytes_out, elapsed_ms));
}

/// Start and end of every partition, by topic.
async fn partition_marks(
    client: &Client,
    metadata: &ClusterMetadata,
) -> Result<BTreeMap<String, Vec<PartitionSample>>, Error> {
    let mut marks = BTreeMap::new();
    let mut starts = Vec::new();
    let mut ends = Vec::new();
    for topic in metadata.topics.values().filter(|topic| topic.error == ErrorCode::None) {
        let unknown = PartitionSample { end: -1, ..PartitionSample::default() };
        marks.insert(topic.name.clone(), vec![unknown; topic.partitions.len()]);
        for partition in topic.partitions.iter().filter(|partition| partition.leader >= 0) {
            let ask =
                |spec| OffsetAsk { topic: topic.name.clone(), partition: partition.index, spec };
            starts.push(ask(OffsetSpec::Earliest));
            ends.push(ask(OffsetSpec::Latest));
        }
    }
    // Starts first, for the same reason as above.
    let starts = client.list_offsets(&starts).await?;
    let ends = client.list_offsets(&ends).await?;
    set_marks(&mut marks, starts, |mark, offset| mark.start = offset);
    set_marks(&mut marks, ends, |mark, offset| mark.end = offset);
    Ok(marks)
}

fn set_marks(
    marks: &mut BTreeMap<String, Vec<PartitionSample>>,
    found: Vec<OffsetFound>,
    set: impl Fn(&mut PartitionSample, i64),
) {
    for found in found {
        let index = usize::try_from(found.partition).unwrap_or(usize::MAX);
        let mark = marks.get_mut(&found.topic).and_then(|topic| topic.get_mut(index));
        if let (Some(mark), Some(offset)) = (mark, found.offset) {
            set(mark, offset);
        }
    }
}

fn topic_sample(
    mut partitions: Vec<PartitionSample>,
    before: Option<&TopicSample>,
    elapsed_ms: u64,
) -> TopicSample {
    let mut total = Rate::default();
    for (index, partition) in partitions.iter_mut().enumerate() {
        let known = before.and_then(|topic| topic.partitions.get(index));
        let Some(known) = known.filter(|known| known.end >= 0 && partition.end >= 0) else {
            continue;
        };
        let written = u64::try_from(partition.end - known.end).unwrap_or(0);
        partition.rate_in = rate(written, 0, elapsed_ms);
        total.0 += partition.rate_in.0;
    }
    TopicSample { partitions, rate_in: total }
}

type Described = (String, GroupDescription, Vec<freshet_client::CommittedOffset>);

async fn groups(client: &Client) -> Result<Vec<Described>, Error> {
    let listed = client.list_groups().await?;
    let mut found = Vec::new();
    let wanted: Vec<String> =
        listed.into_iter().take(GROUPS_MAX).map(|listing| listing.group).collect();
    for some in wanted.chunks(GROUPS_AT_ONCE) {
        let asked = some.iter().map(|group| group_of(client, group));
        found.extend(join_all(asked).await.into_iter().flatten());
    }
    Ok(found)
}

/// `None` when the group was deleted in between or its coordinator is moving: the next sample sees
/// it again.
async fn group_of(client: &Client, group: &str) -> Option<Described> {
    let described = client.describe_group(group).await.ok()?;
    let committed = client.committed_offsets(group).await.ok()?;
    Some((group.to_owned(), described, committed))
}

fn group_sample(
    sample: &Sample,
    engine: Option<&Engine>,
    described: GroupDescription,
    committed: Vec<freshet_client::CommittedOffset>,
    before: Option<&GroupSample>,
    elapsed_ms: u64,
) -> GroupSample {
    let mut standings = BTreeMap::new();
    let mut advanced = 0;
    for offset in committed {
        let index = usize::try_from(offset.partition).unwrap_or(usize::MAX);
        let topic = sample.topics.get(&offset.topic);
        let Some(mark) = topic.and_then(|topic| topic.partitions.get(index)) else { continue };
        let end = mark.end.max(mark.start);
        let lag = u64::try_from(end - offset.offset.max(mark.start)).unwrap_or(0);
        let lag_ms = engine.and_then(|engine| {
            if lag == 0 { Some(0) } else { age_ms(engine, sample.at_ms, &offset, mark.start) }
        });
        let key = (offset.topic, offset.partition);
        if let Some(known) = before.and_then(|group| group.standings.get(&key)) {
            advanced += u64::try_from(offset.offset - known.committed).unwrap_or(0);
        }
        standings.insert(
            key,
            StandingSample {
                committed: offset.offset,
                metadata: offset.metadata,
                start: mark.start,
                end,
                lag,
                lag_ms,
            },
        );
    }
    GroupSample {
        state: described.state,
        protocol_type: described.protocol_type,
        protocol: described.protocol,
        members: described.members,
        standings,
        consume_rate: rate(advanced, 0, elapsed_ms),
    }
}

/// How long the first unread record has been waiting, by the broker's own clock; `None` when the
/// note of its append was lost in a power cut.
fn age_ms(
    engine: &Engine,
    at_ms: i64,
    offset: &freshet_client::CommittedOffset,
    start: i64,
) -> Option<u64> {
    let first_unread = offset.offset.max(start);
    let appended_ms = engine.append_time_ms(&offset.topic, offset.partition, first_unread)?;
    Some(u64::try_from(at_ms - appended_ms).unwrap_or(0))
}
