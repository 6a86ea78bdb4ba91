//! Control-plane requests and responses: everything but Produce, Fetch and ApiVersions.
//!
//! The structs are those of `kafka-protocol`; its decoders run only behind the
//! [guard](crate::guard), and its encoders write into a buffer of exactly the right size.

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, Encodable};

use crate::api_key::ApiKey;
use crate::error::{DecodeError, EncodeError};
use crate::guard::{guard, guard_response};

macro_rules! control_plane {
    ($($name:ident($request:ident, $response:ident);)*) => {
        /// A control-plane request.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each variant is Kafka's own name of the request")]
        pub enum Request {
            $($name($request),)*
        }

        /// A control-plane response.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each variant is Kafka's own name of the request")]
        pub enum Response {
            $($name($response),)*
        }

        /// The kinds that [`Request`] and [`Response`] hold, by ascending number.
        pub const CONTROL_PLANE: &[ApiKey] = &[$(ApiKey::$name,)*];

        impl Request {
            /// The kind of this request.
            #[must_use]
            pub const fn api_key(&self) -> ApiKey {
                match self { $(Self::$name(_) => ApiKey::$name,)* }
            }
        }

        impl Response {
            /// The kind of request this response answers.
            #[must_use]
            pub const fn api_key(&self) -> ApiKey {
                match self { $(Self::$name(_) => ApiKey::$name,)* }
            }
        }

        #[cfg(test)]
        fn defaults() -> Vec<(Request, Response)> {
            vec![$((Request::$name($request::default()), Response::$name($response::default())),)*]
        }

        $(
            impl From<$request> for Request {
                fn from(request: $request) -> Self {
                    Self::$name(request)
                }
            }

            impl From<$response> for Response {
                fn from(response: $response) -> Self {
                    Self::$name(response)
                }
            }

            impl TryFrom<Request> for $request {
                /// The request, unchanged, when it is of another kind.
                type Error = Request;

                fn try_from(request: Request) -> Result<Self, Request> {
                    match request {
                        Request::$name(inner) => Ok(inner),
                        other => Err(other),
                    }
                }
            }

            impl TryFrom<Response> for $response {
                /// The response, unchanged, when it is of another kind.
                type Error = Response;

                fn try_from(response: Response) -> Result<Self, Response> {
                    match response {
                        Response::$name(inner) => Ok(inner),
                        other => Err(other),
                    }
                }
            }
        )*

        /// Decodes a control-plane request body, after the guard has let it pass.
        ///
        /// # Errors
        /// [`DecodeError`] for malformed bytes, and [`DecodeError::UnsupportedVersion`] for kinds
        /// outside [`CONTROL_PLANE`] and versions outside [`ApiKey::versions`].
        pub fn decode_request(
            api_key: ApiKey,
            version: i16,
            body: Bytes,
        ) -> Result<Request, DecodeError> {
            guard(api_key, version, &body)?;
            match api_key {
                $(ApiKey::$name => decode::<$request>(api_key, version, body).map(Request::$name),)*
                _ => Err(DecodeError::UnsupportedVersion { api_key, version }),
            }
        }

        /// Decodes a control-plane response body, after the guard has let it pass.
        ///
        /// # Errors
        /// As [`decode_request`].
        pub fn decode_response(
            api_key: ApiKey,
            version: i16,
            body: Bytes,
        ) -> Result<Response, DecodeError> {
            guard_response(api_key, version, &body)?;
            match api_key {
                $(ApiKey::$name => {
                    decode::<$response>(api_key, version, body).map(Response::$name)
                })*
                _ => Err(DecodeError::UnsupportedVersion { api_key, version }),
            }
        }

        /// Encodes a control-plane request body.
        ///
        /// # Errors
        /// [`EncodeError::Refused`] when a field is set that the version does not have.
        pub fn encode_request(request: &Request, version: i16) -> Result<Bytes, EncodeError> {
            match request { $(Request::$name(inner) => encode(ApiKey::$name, inner, version),)* }
        }

        /// Encodes a control-plane response body.
        ///
        /// # Errors
        /// As [`encode_request`].
        pub fn encode_response(response: &Response, version: i16) -> Result<Bytes, EncodeError> {
            match response { $(Response::$name(inner) => encode(ApiKey::$name, inner, version),)* }
        }
    };
}

control_plane! {
    ListOffsets(ListOffsetsRequest, ListOffsetsResponse);
    Metadata(MetadataRequest, MetadataResponse);
    OffsetCommit(OffsetCommitRequest, OffsetCommitResponse);
    OffsetFetch(OffsetFetchRequest, OffsetFetchResponse);
    FindCoordinator(FindCoordinatorRequest, FindCoordinatorResponse);
    JoinGroup(JoinGroupRequest, JoinGroupResponse);
    Heartbeat(HeartbeatRequest, HeartbeatResponse);
    LeaveGroup(LeaveGroupRequest, LeaveGroupResponse);
    SyncGroup(SyncGroupRequest, SyncGroupResponse);
    DescribeGroups(DescribeGroupsRequest, DescribeGroupsResponse);
    ListGroups(ListGroupsRequest, ListGroupsResponse);
    SaslHandshake(SaslHandshakeRequest, SaslHandshakeResponse);
    CreateTopics(CreateTopicsRequest, CreateTopicsResponse);
    DeleteTopics(DeleteTopicsRequest, DeleteTopicsResponse);
    DeleteRecords(DeleteRecordsRequest, DeleteRecordsResponse);
    InitProducerId(InitProducerIdRequest, InitProducerIdResponse);
    OffsetForLeaderEpoch(OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse);
    DescribeAcls(DescribeAclsRequest, DescribeAclsResponse);
    DescribeConfigs(DescribeConfigsRequest, DescribeConfigsResponse);
    AlterConfigs(AlterConfigsRequest, AlterConfigsResponse);
    DescribeLogDirs(DescribeLogDirsRequest, DescribeLogDirsResponse);
    SaslAuthenticate(SaslAuthenticateRequest, SaslAuthenticateResponse);
    CreatePartitions(CreatePartitionsRequest, CreatePartitionsResponse);
    DeleteGroups(DeleteGroupsRequest, DeleteGroupsResponse);
    IncrementalAlterConfigs(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse);
    ListPartitionReassignments(
        ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse
    );
    OffsetDelete(OffsetDeleteRequest, OffsetDeleteResponse);
    DescribeCluster(DescribeClusterRequest, DescribeClusterResponse);
    DescribeProducers(DescribeProducersRequest, DescribeProducersResponse);
    ConsumerGroupDescribe(ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse);
    DescribeTopicPartitions(DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse);
}

fn decode<M: Decodable>(api_key: ApiKey, version: i16, mut body: Bytes) -> Result<M, DecodeError> {
    let malformed = |reason: String| DecodeError::Malformed { api_key, version, reason };
    M::decode(&mut body, version).map_err(|error| malformed(error.to_string()))
}

fn encode<M: Encodable>(api_key: ApiKey, message: &M, version: i16) -> Result<Bytes, EncodeError> {
    if !api_key.versions().contains(version) {
        return Err(EncodeError::UnsupportedVersion { api_key, version });
    }
    let refused = |reason: String| EncodeError::Refused { api_key, version, reason };
    let size_bytes = message.compute_size(version).map_err(|error| refused(error.to_string()))?;
    let mut body = BytesMut::with_capacity(size_bytes);
    message.encode(&mut body, version).map_err(|error| refused(error.to_string()))?;
    Ok(body.freeze())
}

#[cfg(test)]
mod tests;
