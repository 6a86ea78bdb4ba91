//! Who may do what. Every door asks here from the first day; the rules come later.

use std::fmt;

use freshet_wire::ErrorCode;

use crate::image::Image;

/// Who acts: the outcome of authentication.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// The kind, `User` for everybody today.
    pub kind: String,
    /// The name, `ANONYMOUS` without authentication.
    pub name: String,
}

impl Principal {
    /// Whoever connects without authentication.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::user("ANONYMOUS")
    }

    /// A named user.
    pub fn user(name: impl Into<String>) -> Self {
        Self { kind: "User".into(), name: name.into() }
    }
}

/// Writes Kafka's form, `User:alice`.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.name)
    }
}

/// What somebody wants to do: Kafka's ACL operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is Kafka's own name of the operation")]
pub enum Operation {
    Read,
    Write,
    Create,
    Delete,
    Alter,
    Describe,
    ClusterAction,
    DescribeConfigs,
    AlterConfigs,
    IdempotentWrite,
}

impl Operation {
    /// The operation's bit in the `authorized_operations` fields of responses.
    #[must_use]
    pub const fn authorized_operations_bit(self) -> i32 {
        let code = match self {
            Self::Read => 3,
            Self::Write => 4,
            Self::Create => 5,
            Self::Delete => 6,
            Self::Alter => 7,
            Self::Describe => 8,
            Self::ClusterAction => 9,
            Self::DescribeConfigs => 10,
            Self::AlterConfigs => 11,
            Self::IdempotentWrite => 12,
        };
        1 << code
    }
}

/// Something that is guarded.
pub trait Resource: fmt::Display {
    /// The code of a refusal of this kind of resource.
    const DENIED: ErrorCode;
}

/// A topic, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicResource(pub String);

/// A consumer group, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupResource(pub String);

/// A transactional id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionalIdResource(pub String);

/// The cluster as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClusterResource;

impl Resource for TopicResource {
    const DENIED: ErrorCode = ErrorCode::TopicAuthorizationFailed;
}

impl Resource for GroupResource {
    const DENIED: ErrorCode = ErrorCode::GroupAuthorizationFailed;
}

impl Resource for TransactionalIdResource {
    const DENIED: ErrorCode = ErrorCode::TransactionalIdAuthorizationFailed;
}

impl Resource for ClusterResource {
    const DENIED: ErrorCode = ErrorCode::ClusterAuthorizationFailed;
}

impl fmt::Display for TopicResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "topic {}", self.0)
    }
}

impl fmt::Display for GroupResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "group {}", self.0)
    }
}

impl fmt::Display for TransactionalIdResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "transactional id {}", self.0)
    }
}

impl fmt::Display for ClusterResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cluster")
    }
}

/// Proof that somebody may do `operation` with a resource. Only [`authorize`] makes it; engine
/// methods take it instead of the bare resource, so that no door can be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized<R> {
    resource: R,
    operation: Operation,
}

impl<R> Authorized<R> {
    /// What the permission is for.
    #[must_use]
    pub fn resource(&self) -> &R {
        &self.resource
    }

    /// What may be done with it.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Gives up the permission for what it is for.
    #[must_use]
    pub fn into_resource(self) -> R {
        self.resource
    }
}

/// The answer no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{principal} may not {operation:?} {resource}")]
pub struct Denied {
    /// The code for the response.
    pub code: ErrorCode,
    /// Who asked.
    pub principal: Principal,
    /// To do what.
    pub operation: Operation,
    /// With what.
    pub resource: String,
}

/// Decides whether `principal` may do `operation` with `resource`.
///
/// The policy of today allows everything: `image` holds no rules yet.
///
/// # Errors
/// [`Denied`] when the rules say no.
pub fn authorize<R: Resource>(
    image: &Image,
    principal: &Principal,
    operation: Operation,
    resource: R,
) -> Result<Authorized<R>, Denied> {
    if is_allowed(image, principal, operation, &resource) {
        return Ok(Authorized { resource, operation });
    }
    Err(Denied {
        code: R::DENIED,
        principal: principal.clone(),
        operation,
        resource: resource.to_string(),
    })
}

/// The policy: everybody may do everything until there are rules.
fn is_allowed<R: Resource>(_: &Image, _: &Principal, _: Operation, _: &R) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_allowed_until_there_are_rules() {
        let image = Image::empty(1);
        let topic = TopicResource("orders".into());
        let proof =
            authorize(&image, &Principal::anonymous(), Operation::Write, topic.clone()).unwrap();
        assert_eq!(proof.resource(), &topic);
        assert_eq!(proof.operation(), Operation::Write);
    }

    #[test]
    fn principals_print_as_in_kafka() {
        assert_eq!(Principal::anonymous().to_string(), "User:ANONYMOUS");
    }
}
