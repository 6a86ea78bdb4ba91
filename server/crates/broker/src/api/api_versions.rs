//! ApiVersions (key 18), versions 0-4.
//!
//! - A version above ours answers with version 0, UNSUPPORTED_VERSION and one row for this key, so
//!   that newer clients step down (KIP-511); its body is not read.
//! - v3: the client names its library; a name outside Kafka's pattern is INVALID_REQUEST.
//! - No features are finalized: transactions of version 2 and streams groups are not served.

use freshet_wire::api_versions::{
    ApiVersion, ApiVersionsRequest, ApiVersionsResponse, VERSION_MAX,
};
use freshet_wire::{ApiKey, VersionRange};

use crate::answer::Answer;
use crate::dispatch::{Api, Request, supported_apis};

pub(super) const API: Api = Api {
    key: ApiKey::ApiVersions,
    served: VersionRange::new(0, 4),
    advertised_min: 0,
    handle: |request| Box::pin(handle(request)),
    notes: "newer versions get Kafka's downgrade answer",
};

async fn handle(mut request: Request) -> Answer {
    let version = request.version();
    if !(0..=VERSION_MAX).contains(&version) {
        return match ApiVersionsResponse::unsupported_version().encode(0) {
            Ok(body) => Answer::ReplyWithoutTags(body),
            Err(error) => Answer::Close(error.to_string()),
        };
    }
    let body = std::mem::take(&mut request.body).into_bytes();
    let asked = match ApiVersionsRequest::decode(version, body) {
        Ok(asked) => asked,
        Err(error) => return Answer::Close(error.to_string()),
    };
    let response = if asked.is_valid(version) {
        let (name, software_version) = (asked.client_software_name, asked.client_software_version);
        request.session.connection.saw_software(&name, &software_version);
        let api_keys = supported_apis()
            .into_iter()
            .map(|api| ApiVersion { api_key: api.key.code(), versions: api.advertised })
            .collect();
        ApiVersionsResponse { api_keys, ..ApiVersionsResponse::default() }
    } else {
        ApiVersionsResponse::invalid_request()
    };
    match response.encode(version) {
        Ok(body) => Answer::body(body),
        Err(error) => Answer::Close(error.to_string()),
    }
}
