//! Pages composed of several slices.

pub mod audit;
pub mod card;
pub mod desk;
pub mod directory;
pub mod drafts;
pub mod group;
pub mod listing;
pub mod map;
pub mod open;
pub mod person;
mod poster;
pub mod share;
pub mod start;
pub mod texts;
pub mod wards;
pub mod watches;

use crate::groups::{Card, GroupKind, Openness};
use crate::people::guardian::Ages;
use mapalus_core::{GroupId, Id, MembershipState, Millis, chance::Counted};

/// The instant of samples.
pub(super) const SAMPLE_AT: Millis = Millis(1_779_900_000_000);

/// A group in a list, for samples.
pub(super) fn sample_card(kind: GroupKind, membership: Option<MembershipState>) -> Card {
    Card {
        id: GroupId::new(SAMPLE_AT, &Counted::default()),
        slug: "relawan-manado".to_owned(),
        kind,
        name: "Relawan Siaga Bencana Manado".to_owned(),
        name_folded: "relawan siaga bencana manado".to_owned(),
        summary: "Warga yang siap membantu saat banjir dan longsor.".to_owned(),
        lang: crate::shell::Lang::Id,
        area: "71.71".to_owned(),
        latitude: None,
        longitude: None,
        taking: true,
        youngest: Ages::Older,
        sign_up: Openness::Application,
        members: 1_234,
        membership,
        runs_it: Some("Stenly Wowor".to_owned()),
        verified_at: Some(SAMPLE_AT),
    }
}
