//! Reading batches.

use freshet_wire::fetch::{
    FetchPartition, FetchRequest, FetchResponse, FetchTopic, IsolationLevel,
};
use freshet_wire::{ApiKey, Chain, ErrorCode, StrBytes};

use crate::{Address, Client, Error};

/// A position to read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchAsk {
    /// Partition.
    pub partition: i32,
    /// First offset wanted; the answer may start earlier, with the batch that holds it.
    pub offset: i64,
    /// Soft limit of this partition's bytes.
    pub size_bytes_max: i32,
}

/// How long and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchOptions {
    /// Wait at most this long for data.
    pub wait_ms: i32,
    /// Answer as soon as this much is there.
    pub size_bytes_min: i32,
    /// Soft limit over all partitions.
    pub size_bytes_max: i32,
    /// Leave out what is not committed.
    pub is_read_committed: bool,
}

/// One partition's answer.
#[derive(Debug, Clone)]
pub struct FetchAnswer {
    /// Partition.
    pub partition: i32,
    /// `NONE`, or why there are no records.
    pub error: ErrorCode,
    /// Exclusive end of what may be read.
    pub high_watermark: i64,
    /// First offset that still exists.
    pub log_start_offset: i64,
    /// Whole batches, perhaps with a partial one at the end.
    pub records: Chain,
}

impl Client {
    /// Reads several partitions of one topic, each from its leader.
    ///
    /// # Errors
    /// No connection, or an error of the whole request; errors of a partition are in its answer.
    pub async fn fetch(
        &self,
        topic: &str,
        asks: &[FetchAsk],
        options: FetchOptions,
    ) -> Result<Vec<FetchAnswer>, Error> {
        let mut by_leader: Vec<(Address, Vec<&FetchAsk>)> = Vec::new();
        for ask in asks {
            let address = self.leader(topic, ask.partition).await?;
            match by_leader.iter_mut().find(|(known, _)| *known == address) {
                Some((_, group)) => group.push(ask),
                None => by_leader.push((address, vec![ask])),
            }
        }
        let fetches = by_leader
            .iter()
            .map(|(address, group)| self.fetch_from(address, topic, group, options));
        let answers = futures::future::try_join_all(fetches).await?;
        let answers: Vec<FetchAnswer> = answers.into_iter().flatten().collect();
        let has_moved = answers.iter().any(|answer| {
            matches!(
                answer.error,
                ErrorCode::NotLeaderOrFollower | ErrorCode::UnknownTopicOrPartition
            )
        });
        if has_moved {
            // The next fetch asks the new leader.
            let _ = self.topic_metadata(topic).await;
        }
        Ok(answers)
    }

    async fn fetch_from(
        &self,
        address: &Address,
        topic: &str,
        asks: &[&FetchAsk],
        options: FetchOptions,
    ) -> Result<Vec<FetchAnswer>, Error> {
        let api = ApiKey::Fetch;
        let connection = self.to(address).await?;
        let version = connection.version(api, 12)?;
        let isolation_level = if options.is_read_committed {
            IsolationLevel::ReadCommitted
        } else {
            IsolationLevel::ReadUncommitted
        };
        let request = FetchRequest {
            max_wait_ms: options.wait_ms,
            min_bytes: options.size_bytes_min,
            max_bytes: options.size_bytes_max,
            isolation_level,
            topics: vec![FetchTopic {
                name: StrBytes::from_string(topic.to_owned()),
                partitions: asks.iter().map(|ask| partition_of(ask)).collect(),
                topic_id: uuid::Uuid::nil(),
            }],
            // No session: everything is asked for each time (KIP-227).
            session_id: 0,
            session_epoch: -1,
            replica_id: -1,
            forgotten_topics: Vec::new(),
            rack_id: StrBytes::new(),
        };
        let body = request.encode(version).map_err(|source| Error::Encode { api, source })?;
        let wait_ms = u64::try_from(options.wait_ms).unwrap_or_default();
        let answer = connection.call(api, version, body, wait_ms).await?;
        let response = FetchResponse::decode(version, answer)
            .map_err(|source| Error::Decode { api, source })?;
        Error::check(response.error_code.code(), None)?;
        let partitions = response.topics.into_iter().flat_map(|topic| topic.partitions);
        Ok(partitions
            .map(|found| FetchAnswer {
                partition: found.index,
                error: found.error_code,
                high_watermark: found.high_watermark,
                log_start_offset: found.log_start_offset,
                records: found.records,
            })
            .collect())
    }
}

fn partition_of(ask: &FetchAsk) -> FetchPartition {
    FetchPartition {
        index: ask.partition,
        current_leader_epoch: -1,
        fetch_offset: ask.offset,
        last_fetched_epoch: -1,
        log_start_offset: -1,
        max_bytes: ask.size_bytes_max,
    }
}
