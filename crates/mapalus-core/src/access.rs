//! Who may do what: one table, deny by default.
//!
//! Every action of the product is a row of the table below. A handler states how the person stands
//! to the thing ([`Standing`]) and asks for a [`Permit`] of that action; the functions that act take
//! the permit, and nothing but [`Standing::permit`] makes one.

use crate::{
    GroupId, GroupVisibility, MembershipState, Permission, Permissions, PersonId, Refusal, RefusalKind,
};
use std::marker::PhantomData;

/// What an action asks of the person who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// To be signed in.
    SignedIn,
    /// To have an account that waits for the consent of a guardian.
    Waits,
    /// To see the group.
    SeesGroup,
    /// To be signed in and to see the group.
    SignedInAndSeesGroup,
    /// To belong to the group: accepted or active.
    Belongs,
    /// To stand to the group in this state of membership.
    Is(MembershipState),
    /// To hold a role with this permission, as an active member.
    Holds(Permission),
    /// To hold any role with a permission, as an active member.
    HoldsAny,
    /// The thing is one's own.
    Owns,
    /// To be one of the safeguarding people of the group, as an active member.
    Safeguards,
    /// To operate the instance.
    Operates,
    /// To be in a demonstration, or to operate the instance.
    OperatesOrDemo,
    /// To be in a demonstration.
    Demo,
}

impl Need {
    /// Whether others entrust it to the person: a role of a group, or the instance.
    pub const fn is_entrusted(self) -> bool {
        matches!(self, Holds(_) | HoldsAny | Safeguards | Operates | OperatesOrDemo)
    }

    /// Whether a stranger might meet it.
    pub const fn is_open(self) -> bool {
        matches!(self, Nothing | SeesGroup | Demo | OperatesOrDemo)
    }
}

/// What one who may not is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// That it is not allowed: the thing itself is no secret.
    Forbidden,
    /// That there is no such thing.
    NotFound,
}

/// A row of the access table; implemented by the marker types of this module alone.
pub trait Action: 'static {
    /// The action's name, as the audit and the reference write it.
    const NAME: &'static str;
    /// What it asks; one of these is enough.
    const NEEDS: &'static [Need];
    /// What others are told.
    const OTHERWISE: Otherwise;
    /// Whether one proves anew who one is, if that is a while ago: it cannot be undone, or it opens a door.
    const PROVED: bool;
}

/// One line of the table, for the reference and for the test that walks all routes.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The action's name.
    pub name: &'static str,
    /// What it asks; one of these is enough.
    pub needs: &'static [Need],
    /// What others are told.
    pub otherwise: Otherwise,
    /// Whether one proves anew who one is.
    pub proved: bool,
}

macro_rules! access {
    (@proved) => { false };
    (@proved proved) => { true };
    ($($(#[$doc:meta])* $name:ident: [$($need:expr),+] else $otherwise:ident $($proved:ident)?;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Action for $name {
                const NAME: &'static str = stringify!($name);
                const NEEDS: &'static [Need] = &[$($need),+];
                const OTHERWISE: Otherwise = Otherwise::$otherwise;
                const PROVED: bool = access!(@proved $($proved)?);
            }
        )+
        /// The whole table.
        pub const TABLE: &[Row] = &[$(Row { name: stringify!($name), needs: $name::NEEDS, otherwise: $name::OTHERWISE, proved: $name::PROVED }),+];
    };
}

use Need::{
    Belongs, Demo, Holds, HoldsAny, Is, Nothing, Operates, OperatesOrDemo, Owns, Safeguards, SeesGroup,
    SignedIn, SignedInAndSeesGroup, Waits,
};

access! {
    /// Read pages that are for everybody.
    SeePublic: [Nothing] else NotFound;
    /// Make an account, sign in, use a mailed link.
    Enter: [Nothing] else NotFound;
    /// See and change one's own account, notices and applications.
    UseAccount: [SignedIn] else Forbidden;
    /// Change what opens one's account (mail address, password, second step), take all of one's data, close the account.
    GuardAccount: [SignedIn] else Forbidden proved;
    /// See and end one's own tokens.
    UseTokens: [SignedIn] else Forbidden;
    /// Make a token of one's own.
    MakeToken: [SignedIn] else Forbidden proved;
    /// See a person's profile, as far as its owner shows it.
    SeePerson: [Nothing] else NotFound;
    /// Enter a demonstration as one of its people.
    EnterDemo: [Demo] else NotFound;
    /// Read the mails that this instance did not send.
    ReadMailbox: [OperatesOrDemo] else NotFound;
    /// See accounts and the state of the instance, confirm an account by hand.
    OperateInstance: [Operates] else NotFound;
    /// See what one's account waits for, and name another guardian.
    WaitForGuardian: [Waits] else Forbidden;
    /// See one's wards, and consent for a minor by the mailed link.
    UseWards: [SignedIn] else Forbidden;
    /// Withdraw the consent that one gave for a ward, or give it again.
    GuardWard: [Owns] else NotFound proved;
    /// Agree that a ward joins a group, or do not.
    ConsentToJoining: [Owns] else NotFound;
    /// Open a group.
    OpenGroup: [SignedIn] else Forbidden;
    /// Read, change, open or throw away one's own draft of a group.
    UseDraft: [Owns] else NotFound;
    /// Pause or remove a search that one keeps.
    UseWatch: [Owns] else NotFound;
    /// Be told when a group takes people again, or no longer.
    WatchDoor: [SignedInAndSeesGroup] else NotFound;
    /// See a group's page and its joining path.
    SeeGroup: [SeesGroup] else NotFound;
    /// See who belongs to a group.
    SeeMembers: [Belongs] else Forbidden;
    /// Leave a group; also while suspended from it.
    LeaveGroup: [Belongs, Is(MembershipState::Suspended)] else Forbidden;
    /// Decline a group's invitation.
    DeclineInvitation: [Is(MembershipState::Invited)] else Forbidden;
    /// See the group's desk.
    SeeDesk: [HoldsAny] else Forbidden;
    /// Change the group's page, rules and openness.
    ChangeGroup: [Holds(Permission::Settings)] else Forbidden;
    /// Close a group for good.
    EndGroup: [Holds(Permission::Settings)] else Forbidden proved;
    /// See a group as those who operate the instance do: that it is there. Verify it, hide it, take that back.
    JudgeGroup: [Operates] else NotFound;
    /// Read why the group is hidden, and answer.
    AnswerHiding: [Holds(Permission::Settings)] else Forbidden;
    /// See what was decided in the name of a group; whoever is suspended or excluded what concerns them.
    SeeDecisions: [Belongs, Is(MembershipState::Suspended), Is(MembershipState::Excluded)] else Forbidden;
    /// See who did what in a group, as far as one's own permissions reach.
    SeeAudit: [Holds(Permission::Settings)] else Forbidden;
    /// Make roles of a group and appoint people to them.
    ChangeRoles: [Holds(Permission::Roles)] else Forbidden;
    /// Give the roles by which one runs a group to another, and give them up.
    HandOver: [Holds(Permission::Roles)] else Forbidden proved;
    /// See a member as those do who run the group: state, reason, roles.
    ManageMember: [Holds(Permission::Members), Holds(Permission::Roles)] else Forbidden;
    /// Invite, suspend, exclude or restore a member.
    ChangeMembers: [Holds(Permission::Members)] else Forbidden;
    /// Make links that invite, as far as the group lets one.
    MakeLinks: [Is(MembershipState::Active)] else Forbidden;
    /// Hand on a link, see who came by it, withdraw it.
    RunLink: [Owns, Holds(Permission::Members)] else NotFound;
    /// Undo what one did a moment ago to a member, or to the whole group; also after handing over.
    UndoChange: [Holds(Permission::Members), Holds(Permission::Roles), Owns] else Forbidden;
    /// Change the joining path.
    ChangePath: [Holds(Permission::Path)] else Forbidden;
    /// Begin an application, or go on with one's draft.
    Apply: [SignedInAndSeesGroup] else NotFound;
    /// Read, fill, send or withdraw one's own application.
    UseApplication: [Owns] else NotFound;
    /// Read an application.
    ReadApplication: [Owns, Holds(Permission::Applications)] else NotFound;
    /// See the board of applications.
    SeeApplications: [Holds(Permission::Applications)] else Forbidden;
    /// Accept, decline or put on the waiting list.
    DecideApplication: [Holds(Permission::Applications)] else NotFound;
    /// Decide on several applications at once, or take that back.
    DecideMany: [Holds(Permission::Applications)] else Forbidden;
    /// Give an applicant scores in a screening.
    ScoreApplication: [Holds(Permission::Applications)] else NotFound;
    /// Pass over a step of an application, with a reason.
    SkipStep: [Holds(Permission::Applications)] else NotFound;
    /// See the times at which a group offers interviews, offer, move and cancel them.
    RunInterviews: [Holds(Permission::Applications)] else Forbidden;
    /// Note how an interview went.
    NoteInterview: [Holds(Permission::Applications)] else NotFound;
    /// Bring an applicant and members together.
    BringTogether: [Holds(Permission::Applications)] else NotFound;
    /// Say whether one meets an applicant, and that one has: the member who was asked.
    GetToKnow: [Owns] else NotFound;
    /// Vouch for an applicant, decline to, or take a vouch back: the one who was asked.
    Vouch: [Owns] else NotFound;
    /// Ask a group.
    AskGroup: [SeesGroup] else NotFound;
    /// Read a question with all that was said.
    ReadQuestion: [Owns, Holds(Permission::Questions)] else NotFound;
    /// Write more to one's own question.
    UseQuestion: [Owns] else NotFound;
    /// Answer a question, give it to a coordinator, close it, block who wrote it, report it.
    AnswerQuestion: [Holds(Permission::Questions)] else NotFound;
    /// See the group's inbox, its ready answers and whom it blocks, and change them.
    RunQuestions: [Holds(Permission::Questions)] else Forbidden;
    /// Report a safeguarding concern to those of the group who are appointed for it; also as the guardian of one of its
    /// people.
    ReportConcern: [SignedInAndSeesGroup, Owns] else NotFound;
    /// Read safeguarding concerns, and close them.
    ReadConcerns: [Safeguards] else NotFound;
    /// See who is appointed for safeguarding, and which ages the group takes.
    SeeSafeguarding: [Holds(Permission::Roles), Holds(Permission::Settings)] else Forbidden;
    /// Propose whom to appoint for safeguarding, or whom to dismiss, and take that back.
    ProposeSafeguard: [Holds(Permission::Roles)] else Forbidden;
    /// Confirm what another proposed.
    ConfirmSafeguard: [Holds(Permission::Roles)] else Forbidden proved;
    /// Confirm it for a group that one person alone runs.
    ConfirmForGroup: [Operates] else NotFound proved;
    /// Read, correct or remove a qualification that one states oneself.
    UseQualification: [Owns] else NotFound;
    /// See the qualifications of a group's people, record which were seen, make kinds of the group's own.
    RunQualifications: [Holds(Permission::Qualifications)] else Forbidden;
    /// See a group's trainings, enrol for a date and leave it; applicants where a training is for them.
    SeeTrainings: [Belongs, Is(MembershipState::Applied)] else Forbidden;
    /// Make trainings and their dates, call them off, say how those who took part did.
    RunTrainings: [Holds(Permission::Trainings)] else Forbidden;
}

/// How a person stands to the thing at hand: facts only, gathered by the slice that owns the thing.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Who; `None` for a stranger.
    pub person: Option<PersonId>,
    /// Whose account waits for the consent of a guardian: nothing else is open to them than to a stranger.
    pub waits: Option<PersonId>,
    /// Operates the instance.
    pub operator: bool,
    /// The instance is a demonstration.
    pub demo: bool,
    /// The thing at hand is the person's own.
    pub owner: bool,
    /// Is one of the safeguarding people of the group at hand.
    pub safeguards: bool,
    /// The group at hand, if there is one.
    pub group: Option<GroupStanding>,
    /// Proved a short while ago who they are.
    pub proved: bool,
    /// Is entrusted with others' affairs, and has let the time pass to set up a second step for signing in.
    pub lacks_factor: bool,
    /// Is to agree to a newer privacy notice before anything else is written for them.
    pub lacks_consent: bool,
}

/// How a person stands to a group.
#[derive(Debug, Clone, Copy)]
pub struct GroupStanding {
    /// Which group.
    pub id: GroupId,
    /// Who sees the group.
    pub visibility: GroupVisibility,
    /// The person's membership, if there is one.
    pub membership: Option<MembershipState>,
    /// What the person's roles allow; counts only while the membership is active.
    pub permissions: Permissions,
}

impl GroupStanding {
    fn sees(self) -> bool {
        use MembershipState::{Accepted, Active, Applied, Invited, Suspended};
        match self.visibility {
            GroupVisibility::Public | GroupVisibility::Unlisted => true,
            GroupVisibility::Private => {
                matches!(self.membership, Some(Invited | Applied | Accepted | Active | Suspended))
            }
        }
    }

    fn is_active(self) -> bool {
        self.membership == Some(MembershipState::Active)
    }
}

/// Proof that a person may do an action; made by [`Standing::permit`] alone.
#[derive(Debug)]
pub struct Permit<A: Action> {
    person: Option<PersonId>,
    group: Option<GroupId>,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> Permit<A> {
    /// Who may; `None` for a stranger.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The group in which they may, if the thing at hand is of one.
    pub fn group(&self) -> Option<GroupId> {
        self.group
    }

    /// Who may, for actions that ask for a signed-in person.
    ///
    /// # Errors
    /// [`Denied::SignIn`] for a stranger.
    pub fn signed_in(&self) -> Result<PersonId, Denied> {
        self.person.ok_or(Denied::SignIn)
    }
}

/// Why a person may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in, and somebody signed in might.
    #[error("sign in first")]
    SignIn,
    /// Not allowed.
    #[error("not allowed")]
    Forbidden,
    /// Not there, or not for this person.
    #[error("not found")]
    NotFound,
    /// Allowed, once it is proved anew who it is.
    #[error("prove who you are")]
    Prove,
    /// Allowed, once there is a second step for signing in.
    #[error("set up a second step")]
    Factor,
    /// Allowed, once they agree to the privacy notice as it is now.
    #[error("agree to the privacy notice")]
    Consent,
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignIn => Refusal::new(RefusalKind::SignIn, "refusal-sign-in"),
            Denied::Forbidden => Refusal::new(RefusalKind::Forbidden, "refusal-forbidden"),
            Denied::NotFound => Refusal::not_found(),
            Denied::Prove => Refusal::new(RefusalKind::Forbidden, "refusal-prove"),
            Denied::Factor => Refusal::new(RefusalKind::Forbidden, "refusal-factor"),
            Denied::Consent => Refusal::new(RefusalKind::Forbidden, "refusal-consent"),
        }
    }
}

impl Standing {
    /// The permit for an action, if this standing allows it.
    ///
    /// # Errors
    /// [`Denied`]: a group that one does not see is not found; a stranger is asked to sign in where
    /// that could help; others get what the action's row says. Of those who might, one who is to agree to a newer privacy
    /// notice does so first, unless a stranger might as well; one who runs things without a second
    /// step sets one up first, and one who has not proved lately who they are does so where the row asks for it.
    pub fn permit<A: Action>(&self) -> Result<Permit<A>, Denied> {
        let mut met = A::NEEDS.iter().filter(|need| self.meets(**need)).peekable();
        if met.peek().is_some() {
            return match () {
                () if self.lacks_consent && !A::NEEDS.iter().any(|need| need.is_open()) => {
                    Err(Denied::Consent)
                }
                () if self.lacks_factor && met.all(|need| need.is_entrusted()) => Err(Denied::Factor),
                () if A::PROVED && !self.proved => Err(Denied::Prove),
                () => {
                    let waits = self.waits.filter(|_| A::NEEDS.contains(&Waits));
                    let group = self.group.map(|group| group.id);
                    Ok(Permit { person: self.person.or(waits), group, action: PhantomData })
                }
            };
        }
        // An applicant still reads the own application of a group that has turned private.
        if self.group.is_some_and(|group| !group.sees()) && !self.owner {
            return Err(Denied::NotFound);
        }
        if self.person.is_none() && !matches!(A::NEEDS, [Demo | Operates | OperatesOrDemo]) {
            return Err(Denied::SignIn);
        }
        Err(match A::OTHERWISE {
            Otherwise::Forbidden => Denied::Forbidden,
            Otherwise::NotFound => Denied::NotFound,
        })
    }

    fn meets(&self, need: Need) -> bool {
        let signed_in = self.person.is_some();
        let group = |test: &dyn Fn(GroupStanding) -> bool| self.group.is_some_and(test);
        match need {
            Nothing => true,
            SignedIn => signed_in,
            Waits => !signed_in && self.waits.is_some(),
            Safeguards => self.safeguards && signed_in && group(&GroupStanding::is_active),
            SeesGroup => group(&GroupStanding::sees),
            SignedInAndSeesGroup => signed_in && group(&GroupStanding::sees),
            Is(state) => signed_in && group(&|g| g.membership == Some(state)),
            Belongs => signed_in && group(&|g| g.membership.is_some_and(MembershipState::belongs)),
            Holds(permission) => signed_in && group(&|g| g.is_active() && g.permissions.has(permission)),
            HoldsAny => signed_in && group(&|g| g.is_active() && !g.permissions.is_empty()),
            Owns => signed_in && self.owner,
            Operates => signed_in && self.operator,
            OperatesOrDemo => self.demo || (signed_in && self.operator),
            Demo => self.demo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, Millis, chance::Counted};

    fn person() -> Option<PersonId> {
        Some(PersonId::new(Millis(0), &Counted::default()))
    }

    fn in_group(
        visibility: GroupVisibility,
        membership: Option<MembershipState>,
        permissions: Permissions,
    ) -> Standing {
        let id = GroupId::new(Millis(0), &Counted::default());
        let group = Some(GroupStanding { id, visibility, membership, permissions });
        Standing { person: person(), group, ..Standing::default() }
    }

    #[test]
    fn a_private_group_is_not_found_by_strangers_and_former_members() {
        let private = |state| in_group(GroupVisibility::Private, state, Permissions::NONE);
        for state in [None, Some(MembershipState::Left), Some(MembershipState::Excluded)] {
            assert_eq!(private(state).permit::<SeeGroup>().err(), Some(Denied::NotFound));
            assert_eq!(private(state).permit::<SeeMembers>().err(), Some(Denied::NotFound));
        }
        assert!(private(Some(MembershipState::Invited)).permit::<SeeGroup>().is_ok());
    }

    #[test]
    fn a_suspended_coordinator_decides_nothing() {
        let held = Permissions::all();
        let suspended = in_group(GroupVisibility::Public, Some(MembershipState::Suspended), held);
        assert_eq!(suspended.permit::<DecideApplication>().err(), Some(Denied::NotFound));
        let active = in_group(GroupVisibility::Public, Some(MembershipState::Active), held);
        assert!(active.permit::<DecideApplication>().is_ok());
    }

    #[test]
    fn who_is_suspended_may_leave_and_only_the_invited_decline() {
        let standing = |state| in_group(GroupVisibility::Private, Some(state), Permissions::NONE);
        assert!(standing(MembershipState::Suspended).permit::<LeaveGroup>().is_ok());
        assert_eq!(standing(MembershipState::Applied).permit::<LeaveGroup>().err(), Some(Denied::Forbidden));
        assert!(standing(MembershipState::Invited).permit::<DeclineInvitation>().is_ok());
        assert!(standing(MembershipState::Active).permit::<DeclineInvitation>().is_err());
    }

    #[test]
    fn one_permission_allows_its_own_actions_only() {
        let held = [Permission::Path].into_iter().collect();
        let standing = in_group(GroupVisibility::Public, Some(MembershipState::Active), held);
        assert!(standing.permit::<ChangePath>().is_ok());
        assert!(standing.permit::<SeeDesk>().is_ok());
        assert_eq!(standing.permit::<ChangeRoles>().err(), Some(Denied::Forbidden));
        assert_eq!(standing.permit::<SeeApplications>().err(), Some(Denied::Forbidden));
    }

    #[test]
    fn an_operator_has_no_rights_inside_a_group() {
        let mut standing = in_group(GroupVisibility::Private, None, Permissions::NONE);
        standing.operator = true;
        assert!(standing.permit::<OperateInstance>().is_ok());
        assert_eq!(standing.permit::<SeeGroup>().err(), Some(Denied::NotFound));
    }

    #[test]
    fn a_permit_knows_the_group_in_which_it_was_given() {
        let standing = in_group(GroupVisibility::Public, None, Permissions::NONE);
        let id = standing.group.map(|group| group.id);
        assert!(id.is_some());
        assert_eq!(standing.permit::<SeeGroup>().ok().and_then(|permit| permit.group()), id);
        assert_eq!(Standing::default().permit::<SeePublic>().ok().and_then(|permit| permit.group()), None);
    }

    #[test]
    fn who_runs_things_without_a_second_step_keeps_what_is_their_own() {
        let held = Permissions::all();
        let mut standing = in_group(GroupVisibility::Public, Some(MembershipState::Active), held);
        standing.lacks_factor = true;
        standing.operator = true;
        assert_eq!(standing.permit::<SeeApplications>().err(), Some(Denied::Factor));
        assert_eq!(standing.permit::<OperateInstance>().err(), Some(Denied::Factor));
        assert!(standing.permit::<SeeMembers>().is_ok());
        assert!(standing.permit::<UseAccount>().is_ok());
        assert_eq!(standing.permit::<ReadApplication>().err(), Some(Denied::Factor));
        standing.owner = true;
        assert!(standing.permit::<ReadApplication>().is_ok());
        standing.group = None;
        standing.operator = false;
        assert_eq!(standing.permit::<OperateInstance>().err(), Some(Denied::NotFound));
    }

    #[test]
    fn who_is_to_agree_to_the_privacy_notice_does_what_strangers_do_alone() {
        let mut standing = in_group(GroupVisibility::Public, None, Permissions::NONE);
        standing.lacks_consent = true;
        assert_eq!(standing.permit::<UseAccount>().err(), Some(Denied::Consent));
        assert_eq!(standing.permit::<Apply>().err(), Some(Denied::Consent));
        assert!(standing.permit::<SeeGroup>().is_ok() && standing.permit::<AskGroup>().is_ok());
        assert_eq!(standing.permit::<ChangeGroup>().err(), Some(Denied::Forbidden), "they might not anyhow");
    }

    #[test]
    fn what_opens_a_door_asks_anew_who_it_is_and_only_of_those_who_may() {
        let mut standing = Standing { person: person(), ..Standing::default() };
        assert_eq!(standing.permit::<GuardAccount>().err(), Some(Denied::Prove));
        assert_eq!(standing.permit::<EndGroup>().err(), Some(Denied::Forbidden));
        assert!(standing.permit::<UseAccount>().is_ok());
        standing.proved = true;
        assert!(standing.permit::<GuardAccount>().is_ok());
        assert_eq!(Standing::default().permit::<GuardAccount>().err(), Some(Denied::SignIn));
    }

    #[test]
    fn a_stranger_is_asked_to_sign_in_only_where_that_may_help() {
        let stranger = Standing::default();
        assert_eq!(stranger.permit::<UseAccount>().err(), Some(Denied::SignIn));
        assert_eq!(stranger.permit::<OperateInstance>().err(), Some(Denied::NotFound));
        assert_eq!(stranger.permit::<ReadMailbox>().err(), Some(Denied::NotFound));
    }
}
