//! DescribeCluster (key 60), versions 0-1 (KIP-700).
//!
//! v1: endpoint type; only brokers (1) can be asked for, the controller has no listener of its own.

use freshet_wire::messages::describe_cluster_response::DescribeClusterBroker;
use freshet_wire::messages::{DescribeClusterRequest, DescribeClusterResponse};
use freshet_wire::{ApiKey, ErrorCode, StrBytes, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request};
use crate::identity::{CLUSTER_OPERATIONS, NODE_ID, OPERATIONS_NOT_ASKED};

pub(super) const API: Api = Api {
    key: ApiKey::DescribeCluster,
    served: VersionRange::new(0, 1),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "",
};

const BROKERS: i8 = 1;

async fn handle(mut request: Request) -> Answer {
    let body: DescribeClusterRequest = match request.decode() {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let response = DescribeClusterResponse::default();
    if request.version() >= 1 && body.endpoint_type != BROKERS {
        let message = "only broker endpoints can be described here";
        return request.reply(
            response
                .with_error_code(ErrorCode::MismatchedEndpointType.code())
                .with_error_message(Some(StrBytes::from_static_str(message)))
                .with_endpoint_type(BROKERS),
        );
    }
    let (host, port) = request.session.advertised();
    let broker = DescribeClusterBroker::default()
        .with_broker_id(NODE_ID.into())
        .with_host(StrBytes::from_string(host))
        .with_port(i32::from(port));
    let operations = if body.include_cluster_authorized_operations {
        CLUSTER_OPERATIONS
    } else {
        OPERATIONS_NOT_ASKED
    };
    let response = response
        .with_cluster_id(StrBytes::from_string(request.shared().image().cluster_id().to_owned()))
        .with_controller_id(NODE_ID.into())
        .with_brokers(vec![broker])
        .with_cluster_authorized_operations(operations);
    request.reply(response)
}
