//! Who makes links that invite, what they spare, and who may come by them.

use crate::{
    groups::model::{InviteLink, LinkInput, LinkRules, NewLink, Spared, spared},
    shell::{
        Checks,
        forms::{self, Wrong},
    },
};
use mapalus_core::{
    MembershipState, Millis, Permission, Refusal, RefusalKind, access::GroupStanding, time::DAY,
};

/// People who may come by one link at most.
pub const MOST_USES: i64 = 500;
/// Days that a link holds at most.
pub const MOST_DAYS: i64 = 90;
/// Links of one person in one group that hold at the same time.
const MOST_OPEN: i64 = 20;
/// Links that one person makes in a day, everywhere.
const MADE_A_DAY: i64 = 30;
/// How long a link is kept after its end: whoever follows it is told what happened.
pub const LINK_KEPT_MILLIS: i64 = 30 * DAY;

fn refuse(kind: RefusalKind, key: &'static str) -> Result<(), Refusal> {
    Err(Refusal::new(kind, key))
}

/// Whether one makes links for a group: those who may invite do, and every active member where the group says so.
pub fn makes(standing: GroupStanding, rules: &LinkRules) -> bool {
    let active = standing.membership == Some(MembershipState::Active);
    active && (rules.by_members || standing.permissions.has(Permission::Members))
}

/// What the links of one person may spare: what the group allows, and a decision only by one who may decide.
pub fn may_spare(standing: GroupStanding, rules: &LinkRules) -> Vec<Spared> {
    let decides = standing.permissions.has(Permission::Applications);
    let mut spares = spared(&rules.spares);
    spares.retain(|spared| *spared != Spared::Decision || decides);
    spares
}

/// Checks what was filled in for a new link. `open` of one's links in the group hold, `made` were made within a day.
///
/// # Errors
/// `groups-links-not-by-members`, `groups-links-many`, `groups-many-invitations`; every field that does not hold.
pub fn link(
    input: &LinkInput,
    (standing, rules): (GroupStanding, &LinkRules),
    (open, made): (i64, i64),
) -> Result<NewLink, Refusal> {
    if !makes(standing, rules) {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-links-not-by-members"));
    }
    let mut checks = Checks::new();
    let note = checks.field("note", forms::line(&input.note, 0, 80));
    let within = |value: i64, most: i64| {
        let wrong = || Wrong("groups-wrong-count", vec![("most", most.into())]);
        (1..=most).contains(&value).then_some(value).ok_or_else(wrong)
    };
    let uses = checks.field("uses", within(input.uses, MOST_USES));
    let days = checks.field("days", within(input.days, MOST_DAYS));
    let spares = checks.field("spares", spares(&input.spares, &may_spare(standing, rules)));
    let parts = (|| Some(NewLink { note: note?, uses: uses?, days: days?, spares: spares? }))();
    let link = checks.done(parts)?;
    if open >= MOST_OPEN {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-links-many").with("most", MOST_OPEN));
    }
    if made >= MADE_A_DAY {
        return Err(Refusal::new(RefusalKind::TooMany, "groups-many-invitations"));
    }
    Ok(link)
}

/// Kinds of steps that were typed, if they are among those allowed.
fn spares(typed: &[String], allowed: &[Spared]) -> Result<Vec<Spared>, Wrong> {
    let all = typed.iter().map(|word| forms::word::<Spared>(word)).collect::<Result<Vec<_>, _>>()?;
    if all.iter().any(|spared| !allowed.contains(spared)) {
        return Err(Wrong::plain("groups-wrong-spares"));
    }
    Ok(Spared::ALL.iter().copied().filter(|spared| all.contains(spared)).collect())
}

/// Checks the kinds of steps that a group lets links spare.
///
/// # Errors
/// `wrong-choice`.
pub fn link_rules(typed: &[String]) -> Result<Vec<Spared>, Refusal> {
    spares(typed, Spared::ALL).map_err(|wrong| wrong.at("spares"))
}

/// Whether one may come by a link now. `maker` is how whoever made it stands to the group: a link holds no longer than
/// the right to make it.
///
/// # Errors
/// `groups-link-withdrawn`, `groups-link-over` or `groups-link-used-up`.
pub fn may_come(
    link: &InviteLink,
    (maker, rules): (Option<GroupStanding>, &LinkRules),
    now: Millis,
) -> Result<(), Refusal> {
    match link.state(now) {
        "open" if maker.is_some_and(|maker| makes(maker, rules)) => Ok(()),
        "over" => refuse(RefusalKind::Gone, "groups-link-over"),
        "used-up" if maker.is_some_and(|maker| makes(maker, rules)) => {
            refuse(RefusalKind::Gone, "groups-link-used-up")
        }
        _ => refuse(RefusalKind::Gone, "groups-link-withdrawn"),
    }
}

/// Whether one who stands so to the group may be invited by a link. Neither a suspension nor an exclusion is undone by
/// one: that takes those who run the group.
///
/// # Errors
/// `groups-barred` or `groups-link-member`.
pub fn may_be_invited(state: Option<MembershipState>, left_suspended: bool) -> Result<(), Refusal> {
    use MembershipState::{Accepted, Active, Excluded, Suspended};
    match state {
        Some(Suspended | Excluded) => refuse(RefusalKind::Conflict, "groups-barred"),
        Some(Accepted | Active) => refuse(RefusalKind::Conflict, "groups-link-member"),
        _ if left_suspended => refuse(RefusalKind::Conflict, "groups-barred"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{GroupId, GroupVisibility, Id, LinkId, Permissions, PersonId, chance::Counted};

    fn standing(permissions: &[Permission]) -> GroupStanding {
        GroupStanding {
            id: GroupId::new(Millis(0), &Counted::default()),
            visibility: GroupVisibility::Public,
            membership: Some(MembershipState::Active),
            permissions: permissions.iter().copied().collect(),
        }
    }

    fn rules(by_members: bool, spares: &str) -> LinkRules {
        LinkRules { by_members, spares: spares.to_owned(), version: 1 }
    }

    fn input(spares: &[&str]) -> LinkInput {
        LinkInput {
            uses: 5,
            days: 7,
            spares: spares.iter().map(|s| (*s).to_owned()).collect(),
            ..LinkInput::default()
        }
    }

    fn key<T>(result: Result<T, Refusal>) -> &'static str {
        result.map_or_else(|refusal| refusal.fields.first().map_or(refusal.key, |flaw| flaw.key), |_| "")
    }

    #[test]
    fn members_make_links_where_the_group_says_so_and_those_who_invite_everywhere() {
        let make = |by, held: &[Permission]| key(link(&input(&[]), (standing(held), &rules(by, "")), (0, 0)));
        assert_eq!(make(false, &[]), "groups-links-not-by-members");
        assert_eq!(make(true, &[]), "");
        assert_eq!(make(false, &[Permission::Members]), "");
        let suspended = GroupStanding {
            membership: Some(MembershipState::Suspended),
            ..standing(&[Permission::Members])
        };
        assert!(!makes(suspended, &rules(true, "")));
    }

    #[test]
    fn a_link_spares_what_the_group_allows_and_a_decision_only_by_one_who_decides() {
        let make = |words: &[&str], allowed, held: &[Permission]| {
            key(link(&input(words), (standing(held), &rules(true, allowed)), (0, 0)))
        };
        assert_eq!(make(&["vouch"], "", &[]), "groups-wrong-spares");
        assert_eq!(make(&["vouch"], "vouch", &[]), "");
        assert_eq!(make(&["decision"], "vouch decision", &[]), "groups-wrong-spares");
        assert_eq!(make(&["decision"], "vouch decision", &[Permission::Applications]), "");
        assert_eq!(make(&["agreement"], "vouch decision", &[Permission::Applications]), "wrong-choice");
    }

    #[test]
    fn links_are_bounded_in_every_way() {
        let all: Permissions = Permissions::all();
        let standing = GroupStanding { permissions: all, ..standing(&[]) };
        let make = |uses, days, counts| {
            let input = LinkInput { uses, days, ..input(&[]) };
            key(link(&input, (standing, &LinkRules::none()), counts))
        };
        assert_eq!(make(500, 90, (19, 29)), "");
        assert_eq!(make(0, 1, (0, 0)), "groups-wrong-count");
        assert_eq!(make(501, 1, (0, 0)), "groups-wrong-count");
        assert_eq!(make(1, 91, (0, 0)), "groups-wrong-count");
        assert_eq!(make(1, 1, (20, 0)), "groups-links-many");
        assert_eq!(make(1, 1, (0, 30)), "groups-many-invitations");
    }

    #[test]
    fn a_link_says_why_it_does_not_hold_and_holds_no_longer_than_the_right_to_make_it() {
        let link = |used, ends_at, withdrawn_at| InviteLink {
            id: LinkId::new(Millis(0), &Counted::default()),
            group_id: GroupId::new(Millis(0), &Counted::default()),
            made_by: PersonId::new(Millis(0), &Counted::default()),
            maker: String::new(),
            note: String::new(),
            spares: String::new(),
            uses: 5,
            used,
            made_at: Millis(0),
            ends_at: Millis(ends_at),
            withdrawn_at,
        };
        let invites = Some(standing(&[Permission::Members]));
        let come = |link: InviteLink, maker| key(may_come(&link, (maker, &rules(false, "")), Millis(10)));
        assert_eq!(come(link(4, 11, None), invites), "");
        assert_eq!(come(link(5, 11, None), invites), "groups-link-used-up");
        assert_eq!(come(link(4, 10, None), invites), "groups-link-over");
        assert_eq!(come(link(4, 11, Some(Millis(1))), invites), "groups-link-withdrawn");
        assert_eq!(come(link(4, 11, None), Some(standing(&[]))), "groups-link-withdrawn");
        assert_eq!(come(link(4, 11, None), None), "groups-link-withdrawn");
        assert_eq!(
            come(link(5, 11, None), None),
            "groups-link-withdrawn",
            "who came by it does not come again"
        );
    }

    #[test]
    fn who_was_sent_away_does_not_come_back_by_a_link() {
        let may = |state, left| key(may_be_invited(state, left));
        assert_eq!(may(None, false), "");
        assert_eq!(may(Some(MembershipState::Left), false), "");
        assert_eq!(may(Some(MembershipState::Left), true), "groups-barred");
        assert_eq!(may(Some(MembershipState::Excluded), false), "groups-barred");
        assert_eq!(may(Some(MembershipState::Suspended), false), "groups-barred");
        assert_eq!(may(Some(MembershipState::Active), false), "groups-link-member");
    }
}
