//! The request kinds of the Kafka protocol: number, name and version bounds of each.

use std::fmt;

/// The versions of one request kind, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VersionRange {
    /// Lowest version, inclusive.
    pub min: i16,
    /// Highest version, inclusive.
    pub max: i16,
}

impl VersionRange {
    /// Builds a range; `min` above `max` makes a range that contains nothing.
    #[must_use]
    pub const fn new(min: i16, max: i16) -> Self {
        Self { min, max }
    }

    /// Says whether `version` lies inside, both ends included.
    #[must_use]
    pub const fn contains(self, version: i16) -> bool {
        self.min <= version && version <= self.max
    }

    /// Returns the versions both ranges share, or `None` when they share none.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        let shared = Self::new(self.min.max(other.min), self.max.min(other.max));
        (shared.min <= shared.max).then_some(shared)
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.min, self.max)
    }
}

macro_rules! api_keys {
    ($($name:ident = $key:literal, $min:literal..=$max:literal, $flexible:expr;)*) => {
        /// One request kind, by Kafka's name for it.
        ///
        /// Listed are the kinds whose messages this crate can name at all; which of them the broker
        /// serves, and at which versions, is the broker's table of handlers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i16)]
        #[expect(missing_docs, reason = "each variant is Kafka's own name of the request")]
        pub enum ApiKey {
            $($name = $key,)*
        }

        impl ApiKey {
            /// Every kind, by ascending number.
            pub const ALL: &'static [ApiKey] = &[$(ApiKey::$name,)*];

            /// Kafka's name of this kind, for logs and the console.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(ApiKey::$name => stringify!($name),)* }
            }

            /// The versions whose messages can be encoded and decoded, both ends included.
            #[must_use]
            pub const fn versions(self) -> VersionRange {
                match self { $(ApiKey::$name => VersionRange::new($min, $max),)* }
            }

            /// The first version with compact lengths and tagged fields (KIP-482); `None` when no
            /// version has them.
            #[must_use]
            pub const fn first_flexible_version(self) -> Option<i16> {
                match self { $(ApiKey::$name => $flexible,)* }
            }

            /// Finds the kind with this number on the wire; `None` when it is unknown.
            #[must_use]
            pub const fn from_code(code: i16) -> Option<ApiKey> {
                match code { $($key => Some(ApiKey::$name),)* _ => None }
            }
        }
    };
}

api_keys! {
    Produce = 0, 3..=13, Some(9);
    Fetch = 1, 4..=18, Some(12);
    ListOffsets = 2, 1..=10, Some(6);
    Metadata = 3, 0..=13, Some(9);
    OffsetCommit = 8, 2..=9, Some(8);
    OffsetFetch = 9, 1..=9, Some(6);
    FindCoordinator = 10, 0..=6, Some(3);
    JoinGroup = 11, 0..=9, Some(6);
    Heartbeat = 12, 0..=4, Some(4);
    LeaveGroup = 13, 0..=5, Some(4);
    SyncGroup = 14, 0..=5, Some(4);
    DescribeGroups = 15, 0..=6, Some(5);
    ListGroups = 16, 0..=5, Some(3);
    SaslHandshake = 17, 0..=1, None;
    ApiVersions = 18, 0..=4, Some(3);
    CreateTopics = 19, 2..=7, Some(5);
    DeleteTopics = 20, 1..=6, Some(4);
    DeleteRecords = 21, 0..=2, Some(2);
    InitProducerId = 22, 0..=5, Some(2);
    OffsetForLeaderEpoch = 23, 2..=4, Some(4);
    AddPartitionsToTxn = 24, 0..=5, Some(3);
    AddOffsetsToTxn = 25, 0..=4, Some(3);
    EndTxn = 26, 0..=5, Some(3);
    WriteTxnMarkers = 27, 1..=1, Some(1);
    TxnOffsetCommit = 28, 0..=5, Some(3);
    DescribeAcls = 29, 1..=3, Some(2);
    CreateAcls = 30, 1..=3, Some(2);
    DeleteAcls = 31, 1..=3, Some(2);
    DescribeConfigs = 32, 1..=4, Some(4);
    AlterConfigs = 33, 0..=2, Some(2);
    AlterReplicaLogDirs = 34, 1..=2, Some(2);
    DescribeLogDirs = 35, 1..=4, Some(2);
    SaslAuthenticate = 36, 0..=2, Some(2);
    CreatePartitions = 37, 0..=3, Some(2);
    CreateDelegationToken = 38, 1..=3, Some(2);
    RenewDelegationToken = 39, 1..=2, Some(2);
    ExpireDelegationToken = 40, 1..=2, Some(2);
    DescribeDelegationToken = 41, 1..=3, Some(2);
    DeleteGroups = 42, 0..=2, Some(2);
    ElectLeaders = 43, 0..=2, Some(2);
    IncrementalAlterConfigs = 44, 0..=1, Some(1);
    AlterPartitionReassignments = 45, 0..=1, Some(0);
    ListPartitionReassignments = 46, 0..=0, Some(0);
    OffsetDelete = 47, 0..=0, None;
    DescribeClientQuotas = 48, 0..=1, Some(1);
    AlterClientQuotas = 49, 0..=1, Some(1);
    DescribeUserScramCredentials = 50, 0..=0, Some(0);
    AlterUserScramCredentials = 51, 0..=0, Some(0);
    Vote = 52, 0..=2, Some(0);
    BeginQuorumEpoch = 53, 0..=1, Some(1);
    EndQuorumEpoch = 54, 0..=1, Some(1);
    DescribeQuorum = 55, 0..=2, Some(0);
    AlterPartition = 56, 2..=3, Some(0);
    UpdateFeatures = 57, 0..=2, Some(0);
    Envelope = 58, 0..=0, Some(0);
    FetchSnapshot = 59, 0..=1, Some(0);
    DescribeCluster = 60, 0..=2, Some(0);
    DescribeProducers = 61, 0..=0, Some(0);
    BrokerRegistration = 62, 0..=4, Some(0);
    BrokerHeartbeat = 63, 0..=1, Some(0);
    UnregisterBroker = 64, 0..=0, Some(0);
    DescribeTransactions = 65, 0..=0, Some(0);
    ListTransactions = 66, 0..=2, Some(0);
    AllocateProducerIds = 67, 0..=0, Some(0);
    ConsumerGroupHeartbeat = 68, 0..=1, Some(0);
    ConsumerGroupDescribe = 69, 0..=1, Some(0);
    ControllerRegistration = 70, 0..=0, Some(0);
    GetTelemetrySubscriptions = 71, 0..=0, Some(0);
    PushTelemetry = 72, 0..=0, Some(0);
    AssignReplicasToDirs = 73, 0..=0, Some(0);
    ListConfigResources = 74, 0..=1, Some(0);
    DescribeTopicPartitions = 75, 0..=0, Some(0);
    ShareGroupHeartbeat = 76, 1..=1, Some(0);
    ShareGroupDescribe = 77, 1..=1, Some(0);
    ShareFetch = 78, 1..=1, Some(0);
    ShareAcknowledge = 79, 1..=1, Some(0);
    AddRaftVoter = 80, 0..=0, Some(0);
    RemoveRaftVoter = 81, 0..=0, Some(0);
    UpdateRaftVoter = 82, 0..=0, Some(0);
    InitializeShareGroupState = 83, 0..=0, Some(0);
    ReadShareGroupState = 84, 0..=0, Some(0);
    WriteShareGroupState = 85, 0..=0, Some(0);
    DeleteShareGroupState = 86, 0..=0, Some(0);
    ReadShareGroupStateSummary = 87, 0..=0, Some(0);
    DescribeShareGroupOffsets = 90, 0..=0, Some(0);
    AlterShareGroupOffsets = 91, 0..=0, Some(0);
    DeleteShareGroupOffsets = 92, 0..=0, Some(0);
}

impl ApiKey {
    /// The number of this kind on the wire.
    #[must_use]
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// Says whether `version` of this kind uses compact lengths and tagged fields (KIP-482).
    #[must_use]
    pub const fn is_flexible(self, version: i16) -> bool {
        match self.first_flexible_version() {
            Some(first) => version >= first,
            None => false,
        }
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_versions_equal_those_of_the_message_crate() {
        for key in ApiKey::ALL {
            let theirs = kafka_protocol::messages::ApiKey::try_from(key.code()).unwrap();
            let versions = theirs.valid_versions();
            // The crate has the newest version of these as responses only.
            let is_half =
                matches!(key, ApiKey::OffsetCommit | ApiKey::OffsetFetch | ApiKey::InitProducerId);
            let max = versions.max - i16::from(is_half);
            assert_eq!(key.versions(), VersionRange::new(versions.min, max), "{key}");
            assert_eq!(format!("{theirs:?}"), key.name());
            for version in versions.min..=versions.max {
                let header = theirs.request_header_version(version);
                assert_eq!(key.is_flexible(version), header == 2, "{key} v{version}");
            }
        }
    }

    #[test]
    fn codes_round_trip_and_unknown_codes_are_refused() {
        for key in ApiKey::ALL {
            assert_eq!(ApiKey::from_code(key.code()), Some(*key));
        }
        assert_eq!(ApiKey::from_code(500), None);
        assert_eq!(ApiKey::from_code(4), None);
        assert_eq!(ApiKey::from_code(-1), None);
    }
}
