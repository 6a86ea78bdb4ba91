//! Kafka's error codes: number, name, whether a client may simply try again, and what each means.

use std::fmt;

macro_rules! error_codes {
    ($($variant:ident = $code:literal, $name:literal, $retriable:literal, $meaning:literal;)*) => {
        /// An error as it stands in responses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(i16)]
        pub enum ErrorCode {
            $(
                #[doc = $meaning]
                $variant = $code,
            )*
        }

        impl ErrorCode {
            /// Every code, by ascending number.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// Kafka's name, such as `UNKNOWN_TOPIC_OR_PARTITION`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(ErrorCode::$variant => $name,)* }
            }

            /// Says whether the same request may succeed later without any change.
            #[must_use]
            pub const fn is_retriable(self) -> bool {
                match self { $(ErrorCode::$variant => $retriable,)* }
            }

            /// What it means, in one sentence for people: lowercase, no full stop.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(ErrorCode::$variant => $meaning,)* }
            }
        }

        impl From<i16> for ErrorCode {
            /// A number that is not known reads as [`ErrorCode::UnknownServerError`].
            fn from(code: i16) -> Self {
                match code { $($code => ErrorCode::$variant,)* _ => ErrorCode::UnknownServerError }
            }
        }
    };
}

error_codes! {
    UnknownServerError = -1, "UNKNOWN_SERVER_ERROR", false,
        "the broker failed in a way it has no other word for; its log says more";
    None = 0, "NONE", false,
        "success";
    OffsetOutOfRange = 1, "OFFSET_OUT_OF_RANGE", false,
        "the offset lies before the first or after the last record of the partition";
    CorruptMessage = 2, "CORRUPT_MESSAGE", true,
        "the batch is damaged or malformed: its checksum, size or content does not hold";
    UnknownTopicOrPartition = 3, "UNKNOWN_TOPIC_OR_PARTITION", true,
        "there is no such topic or partition";
    InvalidFetchSize = 4, "INVALID_FETCH_SIZE", false,
        "the number of bytes to fetch makes no sense";
    LeaderNotAvailable = 5, "LEADER_NOT_AVAILABLE", true,
        "the partition has no leader at the moment";
    NotLeaderOrFollower = 6, "NOT_LEADER_OR_FOLLOWER", true,
        "another broker leads this partition; ask for fresh metadata";
    RequestTimedOut = 7, "REQUEST_TIMED_OUT", true,
        "the broker could not finish within the time the request allowed";
    BrokerNotAvailable = 8, "BROKER_NOT_AVAILABLE", false,
        "the broker is not reachable";
    ReplicaNotAvailable = 9, "REPLICA_NOT_AVAILABLE", true,
        "the replica is not reachable";
    MessageTooLarge = 10, "MESSAGE_TOO_LARGE", false,
        "the batch is larger than the topic's max.message.bytes";
    StaleControllerEpoch = 11, "STALE_CONTROLLER_EPOCH", false,
        "the request comes from a controller that has been replaced";
    OffsetMetadataTooLarge = 12, "OFFSET_METADATA_TOO_LARGE", false,
        "the text stored beside a committed offset is longer than allowed";
    NetworkException = 13, "NETWORK_EXCEPTION", true,
        "the connection broke before the answer arrived";
    CoordinatorLoadInProgress = 14, "COORDINATOR_LOAD_IN_PROGRESS", true,
        "the coordinator is still reading its log after a start";
    CoordinatorNotAvailable = 15, "COORDINATOR_NOT_AVAILABLE", true,
        "there is no coordinator for this group or transaction at the moment";
    NotCoordinator = 16, "NOT_COORDINATOR", true,
        "another broker coordinates this group or transaction";
    InvalidTopic = 17, "INVALID_TOPIC_EXCEPTION", false,
        "the topic name is not allowed, or the topic may not be used this way";
    RecordListTooLarge = 18, "RECORD_LIST_TOO_LARGE", false,
        "the batch is larger than a log segment of the topic";
    NotEnoughReplicas = 19, "NOT_ENOUGH_REPLICAS", true,
        "fewer replicas are in sync than min.insync.replicas demands; nothing was written";
    NotEnoughReplicasAfterAppend = 20, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", true,
        "the records are written, but to fewer replicas than min.insync.replicas demands";
    InvalidRequiredAcks = 21, "INVALID_REQUIRED_ACKS", false,
        "acks must be 0, 1 or all (-1)";
    IllegalGeneration = 22, "ILLEGAL_GENERATION", false,
        "the group has moved on to another generation; the member must join again";
    InconsistentGroupProtocol = 23, "INCONSISTENT_GROUP_PROTOCOL", false,
        "the member shares no assignment protocol with the rest of its group";
    InvalidGroupId = 24, "INVALID_GROUP_ID", false,
        "the group id is empty or not allowed";
    UnknownMemberId = 25, "UNKNOWN_MEMBER_ID", false,
        "the group has no such member; it may have been removed after missing heartbeats";
    InvalidSessionTimeout = 26, "INVALID_SESSION_TIMEOUT", false,
        "the session timeout is outside the bounds the broker allows";
    RebalanceInProgress = 27, "REBALANCE_IN_PROGRESS", false,
        "the group is rebalancing; the member must join again";
    InvalidCommitOffsetSize = 28, "INVALID_COMMIT_OFFSET_SIZE", false,
        "the offset commit is too large to be stored";
    TopicAuthorizationFailed = 29, "TOPIC_AUTHORIZATION_FAILED", false,
        "the principal may not do this with the topic";
    GroupAuthorizationFailed = 30, "GROUP_AUTHORIZATION_FAILED", false,
        "the principal may not do this with the group";
    ClusterAuthorizationFailed = 31, "CLUSTER_AUTHORIZATION_FAILED", false,
        "the principal may not do this with the cluster";
    InvalidTimestamp = 32, "INVALID_TIMESTAMP", false,
        "a record's timestamp is too far from the broker's clock";
    UnsupportedSaslMechanism = 33, "UNSUPPORTED_SASL_MECHANISM", false,
        "the broker does not offer this SASL mechanism";
    IllegalSaslState = 34, "ILLEGAL_SASL_STATE", false,
        "the request is not allowed at this point of the authentication";
    UnsupportedVersion = 35, "UNSUPPORTED_VERSION", false,
        "the broker does not speak this version of the request";
    TopicAlreadyExists = 36, "TOPIC_ALREADY_EXISTS", false,
        "a topic of this name exists already";
    InvalidPartitions = 37, "INVALID_PARTITIONS", false,
        "the number of partitions is not allowed";
    InvalidReplicationFactor = 38, "INVALID_REPLICATION_FACTOR", false,
        "the replication factor is below 1 or larger than the number of brokers";
    InvalidReplicaAssignment = 39, "INVALID_REPLICA_ASSIGNMENT", false,
        "the assignment of replicas to brokers does not hold together";
    InvalidConfig = 40, "INVALID_CONFIG", false,
        "a configuration name or value is not allowed";
    NotController = 41, "NOT_CONTROLLER", true,
        "another broker is the controller";
    InvalidRequest = 42, "INVALID_REQUEST", false,
        "the request contradicts itself or lacks something";
    UnsupportedForMessageFormat = 43, "UNSUPPORTED_FOR_MESSAGE_FORMAT", false,
        "the topic's message format cannot do this";
    PolicyViolation = 44, "POLICY_VIOLATION", false,
        "a rule of this cluster forbids it";
    OutOfOrderSequenceNumber = 45, "OUT_OF_ORDER_SEQUENCE_NUMBER", false,
        "the producer's batch does not follow its last one; one in between is missing";
    DuplicateSequenceNumber = 46, "DUPLICATE_SEQUENCE_NUMBER", false,
        "the broker has this batch of the producer already";
    InvalidProducerEpoch = 47, "INVALID_PRODUCER_EPOCH", false,
        "a newer instance of this producer has taken over";
    InvalidTxnState = 48, "INVALID_TXN_STATE", false,
        "the transaction is not in a state that allows this";
    InvalidProducerIdMapping = 49, "INVALID_PRODUCER_ID_MAPPING", false,
        "the producer id does not belong to this transactional id";
    InvalidTransactionTimeout = 50, "INVALID_TRANSACTION_TIMEOUT", false,
        "the transaction timeout is longer than the broker allows";
    ConcurrentTransactions = 51, "CONCURRENT_TRANSACTIONS", true,
        "the previous transaction of this id is still being finished";
    TransactionCoordinatorFenced = 52, "TRANSACTION_COORDINATOR_FENCED", false,
        "another coordinator has taken over this transaction";
    TransactionalIdAuthorizationFailed = 53, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", false,
        "the principal may not use this transactional id";
    SecurityDisabled = 54, "SECURITY_DISABLED", false,
        "the broker has no authorizer, so there is nothing to administer";
    OperationNotAttempted = 55, "OPERATION_NOT_ATTEMPTED", false,
        "an earlier part of the request failed, so this part was not tried";
    KafkaStorageError = 56, "KAFKA_STORAGE_ERROR", true,
        "the broker's disk failed or is offline";
    LogDirNotFound = 57, "LOG_DIR_NOT_FOUND", false,
        "the broker has no such data directory";
    SaslAuthenticationFailed = 58, "SASL_AUTHENTICATION_FAILED", false,
        "the credentials were not accepted";
    UnknownProducerId = 59, "UNKNOWN_PRODUCER_ID", false,
        "the broker has no memory of this producer";
    ReassignmentInProgress = 60, "REASSIGNMENT_IN_PROGRESS", false,
        "the partition's replicas are being moved";
    DelegationTokenAuthDisabled = 61, "DELEGATION_TOKEN_AUTH_DISABLED", false,
        "delegation tokens are switched off";
    DelegationTokenNotFound = 62, "DELEGATION_TOKEN_NOT_FOUND", false,
        "there is no such delegation token";
    DelegationTokenOwnerMismatch = 63, "DELEGATION_TOKEN_OWNER_MISMATCH", false,
        "the principal is neither owner nor renewer of the token";
    DelegationTokenRequestNotAllowed = 64, "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED", false,
        "delegation tokens cannot be requested over this connection";
    DelegationTokenAuthorizationFailed = 65, "DELEGATION_TOKEN_AUTHORIZATION_FAILED", false,
        "the principal may not do this with delegation tokens";
    DelegationTokenExpired = 66, "DELEGATION_TOKEN_EXPIRED", false,
        "the delegation token has expired";
    InvalidPrincipalType = 67, "INVALID_PRINCIPAL_TYPE", false,
        "principals of this type are not supported";
    NonEmptyGroup = 68, "NON_EMPTY_GROUP", false,
        "the group has members; stop them first";
    GroupIdNotFound = 69, "GROUP_ID_NOT_FOUND", false,
        "there is no such group";
    FetchSessionIdNotFound = 70, "FETCH_SESSION_ID_NOT_FOUND", true,
        "the broker has dropped this fetch session";
    InvalidFetchSessionEpoch = 71, "INVALID_FETCH_SESSION_EPOCH", true,
        "the fetch session is at another step than the client believes";
    ListenerNotFound = 72, "LISTENER_NOT_FOUND", true,
        "the partition's leader has no listener of this name";
    TopicDeletionDisabled = 73, "TOPIC_DELETION_DISABLED", false,
        "this cluster does not allow topics to be deleted";
    FencedLeaderEpoch = 74, "FENCED_LEADER_EPOCH", true,
        "the client's metadata is older than the partition's leader epoch";
    UnknownLeaderEpoch = 75, "UNKNOWN_LEADER_EPOCH", true,
        "the client has seen a newer leader epoch than this broker";
    UnsupportedCompressionType = 76, "UNSUPPORTED_COMPRESSION_TYPE", false,
        "the client or the topic's format cannot take this compression";
    StaleBrokerEpoch = 77, "STALE_BROKER_EPOCH", false,
        "the request comes from an earlier life of the broker";
    OffsetNotAvailable = 78, "OFFSET_NOT_AVAILABLE", true,
        "a fresh leader does not yet know how far its records are safe";
    MemberIdRequired = 79, "MEMBER_ID_REQUIRED", false,
        "the member must join again with the id it was just given";
    PreferredLeaderNotAvailable = 80, "PREFERRED_LEADER_NOT_AVAILABLE", true,
        "the preferred leader is not reachable";
    GroupMaxSizeReached = 81, "GROUP_MAX_SIZE_REACHED", false,
        "the group has as many members as it may";
    FencedInstanceId = 82, "FENCED_INSTANCE_ID", false,
        "another consumer with the same group.instance.id has taken this one's place";
    EligibleLeadersNotAvailable = 83, "ELIGIBLE_LEADERS_NOT_AVAILABLE", true,
        "no replica may become leader at the moment";
    ElectionNotNeeded = 84, "ELECTION_NOT_NEEDED", true,
        "the partition is led by its preferred leader already";
    NoReassignmentInProgress = 85, "NO_REASSIGNMENT_IN_PROGRESS", false,
        "no replicas of the partition are being moved";
    GroupSubscribedToTopic = 86, "GROUP_SUBSCRIBED_TO_TOPIC", false,
        "the group reads this topic at the moment; stop it first";
    InvalidRecord = 87, "INVALID_RECORD", false,
        "a record breaks a rule of its topic";
    UnstableOffsetCommit = 88, "UNSTABLE_OFFSET_COMMIT", true,
        "an offset is part of a transaction that is still open";
    ThrottlingQuotaExceeded = 89, "THROTTLING_QUOTA_EXCEEDED", true,
        "a quota holds this request back";
    ProducerFenced = 90, "PRODUCER_FENCED", false,
        "a newer producer with the same transactional id has taken over";
    ResourceNotFound = 91, "RESOURCE_NOT_FOUND", false,
        "the thing the request names does not exist";
    DuplicateResource = 92, "DUPLICATE_RESOURCE", false,
        "the request names the same thing twice";
    UnacceptableCredential = 93, "UNACCEPTABLE_CREDENTIAL", false,
        "the credential is not acceptable";
    InconsistentVoterSet = 94, "INCONSISTENT_VOTER_SET", false,
        "sender and receiver disagree on who may vote";
    InvalidUpdateVersion = 95, "INVALID_UPDATE_VERSION", false,
        "the version to update to is not allowed";
    FeatureUpdateFailed = 96, "FEATURE_UPDATE_FAILED", false,
        "the cluster features could not be updated";
    PrincipalDeserializationFailure = 97, "PRINCIPAL_DESERIALIZATION_FAILURE", false,
        "the principal of a forwarded request is unreadable";
    SnapshotNotFound = 98, "SNAPSHOT_NOT_FOUND", false,
        "there is no such snapshot";
    PositionOutOfRange = 99, "POSITION_OUT_OF_RANGE", false,
        "the position lies outside the snapshot";
    UnknownTopicId = 100, "UNKNOWN_TOPIC_ID", true,
        "there is no topic with this id; it may have been deleted and created again";
    DuplicateBrokerRegistration = 101, "DUPLICATE_BROKER_REGISTRATION", false,
        "another broker uses this id";
    BrokerIdNotRegistered = 102, "BROKER_ID_NOT_REGISTERED", false,
        "no broker with this id is registered";
    InconsistentTopicId = 103, "INCONSISTENT_TOPIC_ID", true,
        "the topic's id is another than the request says";
    InconsistentClusterId = 104, "INCONSISTENT_CLUSTER_ID", false,
        "the request is meant for another cluster";
    TransactionalIdNotFound = 105, "TRANSACTIONAL_ID_NOT_FOUND", false,
        "there is no such transactional id";
    FetchSessionTopicIdError = 106, "FETCH_SESSION_TOPIC_ID_ERROR", true,
        "the fetch session mixes topic names and topic ids";
    IneligibleReplica = 107, "INELIGIBLE_REPLICA", false,
        "a replica named as in sync may not be";
    NewLeaderElected = 108, "NEW_LEADER_ELECTED", false,
        "the change is made, and the partition has a new leader";
    OffsetMovedToTieredStorage = 109, "OFFSET_MOVED_TO_TIERED_STORAGE", false,
        "the offset is no longer on local disk but in tiered storage";
    FencedMemberEpoch = 110, "FENCED_MEMBER_EPOCH", false,
        "the member's epoch is past; it must give up its partitions and join again";
    UnreleasedInstanceId = 111, "UNRELEASED_INSTANCE_ID", false,
        "another member still holds this instance id and must leave first";
    UnsupportedAssignor = 112, "UNSUPPORTED_ASSIGNOR", false,
        "the broker does not know this assignor";
    StaleMemberEpoch = 113, "STALE_MEMBER_EPOCH", false,
        "the member must learn its new epoch by a heartbeat and try again";
    MismatchedEndpointType = 114, "MISMATCHED_ENDPOINT_TYPE", false,
        "the request was sent to a broker instead of a controller, or the other way round";
    UnsupportedEndpointType = 115, "UNSUPPORTED_ENDPOINT_TYPE", false,
        "this kind of endpoint is not supported";
    UnknownControllerId = 116, "UNKNOWN_CONTROLLER_ID", false,
        "there is no controller with this id";
    UnknownSubscriptionId = 117, "UNKNOWN_SUBSCRIPTION_ID", false,
        "the telemetry subscription is unknown or out of date";
    TelemetryTooLarge = 118, "TELEMETRY_TOO_LARGE", false,
        "the telemetry is larger than the broker accepts";
    InvalidRegistration = 119, "INVALID_REGISTRATION", false,
        "the controller refused the broker's registration";
    TransactionAbortable = 120, "TRANSACTION_ABORTABLE", false,
        "the transaction must be aborted; its id can be used on";
    InvalidRecordState = 121, "INVALID_RECORD_STATE", false,
        "the record is not in a state that allows this acknowledgement";
    ShareSessionNotFound = 122, "SHARE_SESSION_NOT_FOUND", true,
        "the broker has dropped this share session";
    InvalidShareSessionEpoch = 123, "INVALID_SHARE_SESSION_EPOCH", true,
        "the share session is at another step than the client believes";
    FencedStateEpoch = 124, "FENCED_STATE_EPOCH", false,
        "the share group's state has moved on to a newer epoch";
    InvalidVoterKey = 125, "INVALID_VOTER_KEY", false,
        "the voter's key does not match";
    DuplicateVoter = 126, "DUPLICATE_VOTER", false,
        "this voter is in the set already";
    VoterNotFound = 127, "VOTER_NOT_FOUND", false,
        "this voter is not in the set";
    InvalidRegularExpression = 128, "INVALID_REGULAR_EXPRESSION", false,
        "the regular expression cannot be read";
    RebootstrapRequired = 129, "REBOOTSTRAP_REQUIRED", false,
        "the client's metadata is too old; it must start again from its bootstrap servers";
    StreamsInvalidTopology = 130, "STREAMS_INVALID_TOPOLOGY", false,
        "the streams topology is not valid";
    StreamsInvalidTopologyEpoch = 131, "STREAMS_INVALID_TOPOLOGY_EPOCH", false,
        "the epoch of the streams topology is not valid";
    StreamsTopologyFenced = 132, "STREAMS_TOPOLOGY_FENCED", false,
        "the streams topology has a newer epoch";
    ShareSessionLimitReached = 133, "SHARE_SESSION_LIMIT_REACHED", true,
        "the broker holds as many share sessions as it may";
}

impl ErrorCode {
    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// Says whether this is [`ErrorCode::None`].
    #[must_use]
    pub const fn is_none(self) -> bool {
        matches!(self, Self::None)
    }
}

#[expect(clippy::derivable_impls, reason = "the macro has no place for `#[default]`")]
impl Default for ErrorCode {
    fn default() -> Self {
        Self::None
    }
}

impl From<ErrorCode> for i16 {
    fn from(error_code: ErrorCode) -> i16 {
        error_code.code()
    }
}

/// Writes the name and the meaning.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name(), self.meaning())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_from_minus_one_to_133_has_its_code() {
        for code in -1..=133_i16 {
            assert_eq!(ErrorCode::from(code).code(), code);
        }
        assert_eq!(ErrorCode::ALL.len(), 135);
        assert_eq!(ErrorCode::from(134), ErrorCode::UnknownServerError);
    }

    /// What the Java client 4.2 derives from RetriableException.
    #[test]
    fn retriable_codes_are_those_of_the_java_client() {
        let retriable: Vec<i16> =
            ErrorCode::ALL.iter().filter(|code| code.is_retriable()).map(|c| c.code()).collect();
        assert_eq!(
            retriable,
            [
                2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70, 71, 72, 74, 75, 78, 80,
                83, 84, 88, 89, 100, 103, 106, 122, 123, 133
            ]
        );
    }

    #[test]
    fn meanings_are_lowercase_sentences_without_a_full_stop() {
        for code in ErrorCode::ALL {
            assert!(!code.meaning().ends_with('.'), "{code}");
        }
    }
}
