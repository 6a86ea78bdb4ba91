//! Members that come, go, crash and time out at random, with restarts in between: whatever
//! happened, once they behave the group becomes stable with exactly those that live, and nobody
//! waits for ever.

use freshet_wire::ErrorCode;
use freshet_wire::sample::Dice;

use super::rig::{Client, GROUP, Rig, client, code};
use crate::{Config, State, Token};

const CLIENT_IDS: [&str; 4] = ["a", "b", "c", "d"];

/// What is left of a member id when a static member's process is replaced.
fn label(member_id: &str) -> &str {
    member_id.split('-').next().unwrap_or_default()
}

enum Phase {
    Idle,
    Joining(Token),
    Syncing(Token),
    Member,
}

struct Actor {
    client: Client,
    phase: Phase,
}

impl Actor {
    fn new(index: usize) -> Self {
        let fresh = client(CLIENT_IDS[index]);
        // One static member, and one client too old to be asked for its id.
        let client = match index {
            0 => fresh.named("one"),
            1 => fresh.of_version(2),
            _ => fresh,
        };
        Self { client, phase: Phase::Idle }
    }

    /// Does what a consumer does next.
    fn act(&mut self, rig: &mut Rig) {
        match self.phase {
            Phase::Idle => self.phase = Phase::Joining(rig.send_join(&self.client)),
            Phase::Joining(token) => self.end_join(rig, token),
            Phase::Syncing(token) => self.end_sync(rig, token),
            Phase::Member => {
                let error_code = rig.heartbeat(&self.client);
                self.follow(error_code);
            }
        }
    }

    fn end_join(&mut self, rig: &mut Rig, token: Token) {
        let Some(response) = rig.joined(token) else { return };
        let error_code = code(response.error_code);
        if error_code == ErrorCode::MemberIdRequired {
            self.client.member_id = response.member_id.to_string();
            self.phase = Phase::Idle;
        } else if error_code != ErrorCode::None {
            self.follow(error_code);
        } else {
            self.client.member_id = response.member_id.to_string();
            self.client.generation = response.generation_id;
            self.client.protocol = response.protocol_name.as_deref().unwrap_or("").to_owned();
            let members = response.members.iter().map(|member| member.member_id.to_string());
            let assignments = members.map(|id| (id.clone(), label(&id).to_owned())).collect();
            self.phase = Phase::Syncing(rig.send_assignments(&self.client, assignments));
        }
    }

    fn end_sync(&mut self, rig: &mut Rig, token: Token) {
        let Some(response) = rig.synced(token) else { return };
        let error_code = code(response.error_code);
        self.phase = Phase::Member;
        self.follow(error_code);
    }

    fn follow(&mut self, error_code: ErrorCode) {
        match error_code {
            ErrorCode::None => return,
            ErrorCode::UnknownMemberId | ErrorCode::FencedInstanceId => {
                self.client.member_id.clear();
            }
            ErrorCode::RebalanceInProgress | ErrorCode::IllegalGeneration => {}
            other => panic!("no member expects {other}"),
        }
        self.phase = Phase::Idle;
    }
}

fn disturb(rig: &mut Rig, actors: &mut [Actor], dice: &mut Dice) {
    let index = dice.below(actors.len() as u64) as usize;
    match dice.below(20) {
        0 => {
            rig.leave(&actors[index].client);
            actors[index] = Actor::new(index);
        }
        1 => actors[index] = Actor::new(index),
        2 => rig.advance(dice.below(70_000)),
        3 => {
            rig.restart();
            actors.iter_mut().for_each(|actor| actor.phase = Phase::Idle);
        }
        4 => {
            let client = actors[index].client.clone();
            rig.commit(&client, "t", dice.below(100) as i64);
        }
        _ => rig.advance(dice.below(500)),
    }
}

fn is_settled(rig: &Rig, actors: &[Actor]) -> bool {
    let Some(view) = rig.coordinator.view(GROUP, rig.now) else { return false };
    view.state == State::Stable
        && view.members.len() == actors.len()
        && actors.iter().all(|actor| {
            matches!(actor.phase, Phase::Member) && actor.client.generation == view.generation
        })
}

#[test]
fn after_any_disturbance_the_living_members_find_together() {
    for seed in 0..30 {
        let mut dice = Dice(seed);
        let delay_ms = [0, 100, 3000][dice.below(3) as usize];
        let mut rig =
            Rig::with(Config { initial_rebalance_delay_ms: delay_ms, ..Config::default() });
        let mut actors: Vec<_> = (0..CLIENT_IDS.len()).map(Actor::new).collect();
        for _ in 0..150 {
            let index = dice.below(actors.len() as u64) as usize;
            actors[index].act(&mut rig);
            disturb(&mut rig, &mut actors, &mut dice);
        }
        let mut rounds = 0;
        while !is_settled(&rig, &actors) {
            actors.iter_mut().for_each(|actor| actor.act(&mut rig));
            rig.advance(1_000);
            rounds += 1;
            assert!(rounds < 700, "seed {seed} does not settle: {:?}", rig.view());
        }
        assert!(rig.unanswered.is_empty(), "seed {seed}: somebody still waits");
        let view = rig.view();
        for member in &view.members {
            assert_eq!(&member.assignment[..], label(&member.member_id).as_bytes(), "seed {seed}");
        }
        for actor in &actors {
            assert!(view.members.iter().any(|m| m.member_id == actor.client.member_id));
        }
    }
}
