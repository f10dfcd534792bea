//! Pages of safeguarding.

pub mod concern;
pub mod manage;
pub mod operator;

use super::model::{Proposal, ProposalKind, Safeguard};
use mapalus_core::{EventId, GroupId, Id, Millis, PersonId, ProposalId, chance::Counted};

/// The instant of samples.
const SAMPLE_AT: Millis = Millis(1_779_900_000_000);

fn sample_person() -> Safeguard {
    Safeguard {
        person_id: PersonId::new(SAMPLE_AT, &Counted::default()),
        name: "Deisy Rondonuwu".to_owned(),
        since: SAMPLE_AT,
    }
}

fn sample_proposal(kind: ProposalKind) -> Proposal {
    let chance = Counted::default();
    Proposal {
        id: ProposalId::new(SAMPLE_AT, &chance),
        group_id: GroupId::new(SAMPLE_AT, &chance),
        group_name: "Relawan Siaga Bencana Manado".to_owned(),
        slug: "relawan".to_owned(),
        person_id: PersonId::new(SAMPLE_AT, &chance),
        name: "Hasan".to_owned(),
        kind,
        proposed_by: PersonId::new(SAMPLE_AT, &chance),
        proposer: "Stenly Wowor".to_owned(),
        made_at: SAMPLE_AT,
        event_id: EventId::new(SAMPLE_AT, &chance),
    }
}
