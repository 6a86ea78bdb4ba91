//! LeaveGroup (key 13), versions 0 to 5.
//!
//! From version 3 on several members at once, also by instance id alone: how an administrator
//! removes static members (KIP-345). Version 5 carries a reason (KIP-800).

use freshet_wire::ErrorCode;
use freshet_wire::messages::leave_group_request::MemberIdentity;
use freshet_wire::messages::leave_group_response::MemberResponse;
use freshet_wire::messages::{LeaveGroupRequest, LeaveGroupResponse};

use crate::coordinator::{Coordinator, Step};
use crate::event::RebalanceReason;
use crate::group::Group;
use crate::message::{Caller, Now, Output, Token};

const BATCH_FROM: i16 = 3;

impl Coordinator {
    pub(crate) fn leave(
        &mut self,
        now: Now,
        token: Token,
        caller: &Caller,
        request: &LeaveGroupRequest,
        out: &mut Output,
    ) {
        let is_batch = caller.api_version >= BATCH_FROM;
        let single = [MemberIdentity::default().with_member_id(request.member_id.clone())];
        let members = if is_batch { &request.members[..] } else { &single[..] };
        let group_id = request.group_id.as_str();
        if group_id.is_empty() {
            let error_code = ErrorCode::InvalidGroupId.code();
            out.reply(token, LeaveGroupResponse::default().with_error_code(error_code));
            return;
        }
        let results = self.with_group(group_id, now, out, |group, step| {
            members.iter().map(|member| group.leave(step, member)).collect::<Vec<_>>()
        });
        let results =
            results.unwrap_or_else(|| vec![Err(ErrorCode::UnknownMemberId); members.len()]);
        let codes = results.into_iter().map(|result| result.err().unwrap_or_default().code());
        let response = if is_batch {
            let answer = |(member, code): (&MemberIdentity, i16)| {
                MemberResponse::default()
                    .with_member_id(member.member_id.clone())
                    .with_group_instance_id(member.group_instance_id.clone())
                    .with_error_code(code)
            };
            let answers = members.iter().zip(codes).map(answer).collect();
            LeaveGroupResponse::default().with_members(answers)
        } else {
            LeaveGroupResponse::default().with_error_code(codes.into_iter().sum())
        };
        out.reply(token, response);
    }
}

impl Group {
    fn leave(&mut self, step: &mut Step<'_>, leaving: &MemberIdentity) -> Result<(), ErrorCode> {
        let instance_id = leaving.group_instance_id.as_deref();
        let member_id = if leaving.member_id.is_empty() {
            let found = instance_id.and_then(|id| self.static_members.get(id));
            found.cloned().ok_or(ErrorCode::UnknownMemberId)?
        } else if self.pending_members.remove(leaving.member_id.as_str()).is_some() {
            self.complete_join_if_all_joined(step);
            return Ok(());
        } else {
            self.check_member(&leaving.member_id, instance_id)?;
            leaving.member_id.as_str().into()
        };
        let client_id = self.members.get(&member_id).map(|member| member.client_id.to_string());
        let reason = RebalanceReason::MemberLeft {
            member_id: member_id.to_string(),
            client_id: client_id.unwrap_or_default(),
            client_reason: leaving.reason.as_deref().map(str::to_owned),
        };
        self.drop_member(step, &member_id, reason);
        Ok(())
    }
}
