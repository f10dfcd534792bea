//! Pages of this slice; the group's own page is composed in `home`.

pub mod check;
pub mod decisions;
pub mod doors;
pub mod ending;
pub mod hiding;
pub mod invitation;
pub mod kinds;
pub mod links;
pub mod marks;
pub mod member;
pub mod members;
pub mod roles;
pub mod settings;

use crate::{
    groups::{GroupKind, Openness},
    shell::{Choice, ChoiceGroup, Frame, reference::causes},
};
use mapalus_core::GroupVisibility;

/// The kinds of groups to choose from.
pub(crate) fn kinds(f: &Frame) -> Vec<Choice> {
    GroupKind::ALL.iter().map(|kind| Choice::new(kind.word(), f.word("groups-kind", kind))).collect()
}

/// The causes to choose from, by their branches.
pub(crate) fn all_causes(f: &Frame) -> Vec<ChoiceGroup> {
    let choice = |cause: &causes::Cause| Choice::new(cause.key.as_str(), cause.name(f.language()));
    let branches = causes::branches();
    ChoiceGroup::all(
        branches.map(|(branch, causes)| (f.word("groups-causes", branch), causes.map(choice).collect())),
    )
}

/// Ways to become a member to choose from, with what each means.
pub(crate) fn sign_ups(f: &Frame, offered: impl Fn(Openness) -> bool) -> Vec<Choice> {
    let offered = Openness::ALL.iter().copied().filter(|openness| offered(*openness));
    offered.map(|openness| noted(f, "groups-sign-up", openness.word())).collect()
}

/// Who may find a group: what there is to choose from, with what each means.
pub(crate) fn visibilities(f: &Frame) -> Vec<Choice> {
    let all = GroupVisibility::ALL.iter();
    all.map(|visibility| noted(f, "groups-visibility", visibility.word())).collect()
}

fn noted(f: &Frame, prefix: &str, word: &str) -> Choice {
    Choice::new(word, f.word(prefix, word)).noting(f.word(prefix, format!("{word}-note")))
}
