//! DescribeLogDirs (key 35), versions 1-4.
//!
//! v3: top-level error. v4: total and usable bytes of the volume. One directory, every partition is
//! current, so the offset lag is 0 and nothing is a future replica.

use std::collections::BTreeMap;

use freshet_wire::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use freshet_wire::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse, TopicName};
use freshet_wire::{ApiKey, StrBytes, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeLogDirs,
    served: VersionRange::new(1, 4),
    advertised_min: 1,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

async fn handle(mut request: Request) -> Answer {
    let body: DescribeLogDirsRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let asked: Option<BTreeMap<String, Vec<i32>>> = body.topics.map(|topics| {
        topics.into_iter().map(|topic| (topic.topic.to_string(), topic.partitions)).collect()
    });
    let mut all = request.shared().topics.all();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let topics = all
        .iter()
        .filter_map(|topic| {
            let wanted = match &asked {
                None => None,
                Some(asked) => Some(asked.get(&*topic.name)?),
            };
            let partitions = topic
                .partitions
                .iter()
                .filter(|partition| wanted.is_none_or(|wanted| wanted.contains(&partition.index)))
                .map(|partition| {
                    DescribeLogDirsPartition::default()
                        .with_partition_index(partition.index)
                        .with_partition_size(
                            i64::try_from(partition.log.size_bytes()).unwrap_or(i64::MAX),
                        )
                })
                .collect();
            let name = TopicName(StrBytes::from_string(topic.name.to_string()));
            Some(DescribeLogDirsTopic::default().with_name(name).with_partitions(partitions))
        })
        .collect();
    let store = &request.shared().store;
    let mut result = DescribeLogDirsResult::default()
        .with_log_dir(StrBytes::from_string(store.data_dir().display().to_string()))
        .with_topics(topics);
    if request.version() >= 4
        && let Ok(usage) = store.usage()
    {
        result = result
            .with_total_bytes(i64::try_from(usage.total_bytes).unwrap_or(i64::MAX))
            .with_usable_bytes(i64::try_from(usage.usable_bytes).unwrap_or(i64::MAX));
    }
    request.reply(DescribeLogDirsResponse::default().with_results(vec![result]))
}
