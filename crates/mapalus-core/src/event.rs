//! What happened: the events that slices write to the outbox and follow. Ids and instants, no free text.

use crate::{
    AcquaintanceId, ApplicationId, AskId, ConcernId, EnrolmentId, GroupId, InterviewId, LinkId,
    MembershipState, Millis, PathId, PersonId, QualificationId, ReportId, SeenId, SittingId, SlotId, StepId,
    TokenId, VouchId, WordId,
};
use serde::{Deserialize, Serialize};

/// An event. The name and the fields are stored: change them only by adding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields say what they are: ids of the things that the event speaks of")]
pub enum Event {
    /// Somebody made an account; the link confirms the address.
    SignedUp { person: PersonId, link: LinkId },
    /// Somebody asked for a sign-up with an address that has an account already.
    SignedUpAgain { person: PersonId },
    /// Somebody asked for a new password.
    PasswordForgotten { person: PersonId, link: LinkId },
    /// The password was changed.
    PasswordChanged { person: PersonId },
    /// A person made a token for a program.
    TokenMade { person: PersonId, token: TokenId },
    /// A token ends within seven days: its person is reminded.
    TokenEnds { person: PersonId, token: TokenId },
    /// A new browser of a coordinator or operator asks for a code.
    CodeAsked { person: PersonId, link: LinkId },
    /// Somebody asked for a code to sign in by.
    EntryAsked { person: PersonId, link: LinkId },
    /// A person set up an app as the second step of signing in, or another one.
    FactorSet { person: PersonId },
    /// A person gave up the second step.
    FactorRemoved { person: PersonId },
    /// A recovery code was used up.
    RecoveryUsed { person: PersonId },
    /// New recovery codes took the place of the old ones.
    RecoveryMade { person: PersonId },
    /// A person added a passkey.
    PasskeyAdded { person: PersonId },
    /// A person removed a passkey.
    PasskeyRemoved { person: PersonId },
    /// A person wishes another mail address; the link, sent there, confirms it.
    MailChangeAsked { person: PersonId, link: LinkId },
    /// The mail address was changed.
    MailChanged { person: PersonId },
    /// Somebody asks a person to be connected.
    ConnectionAsked { person: PersonId, by: PersonId },
    /// Somebody accepted what a person had asked.
    ConnectionHeld { person: PersonId, by: PersonId },
    /// A person was reported to those who operate the instance.
    PersonReported { report: ReportId },
    /// A person closes the account: hidden at once, erased in 14 days.
    AccountClosing { person: PersonId },
    /// The account is erased: every slice forgets the person.
    PersonErased { person: PersonId },
    /// A person says in the profile that they work elsewhere than before.
    WorkplaceChanged { person: PersonId },
    /// A group was opened.
    GroupOpened { group: GroupId, by: PersonId },
    /// A group's page, openness or visibility changed.
    GroupChanged { group: GroupId },
    /// A group takes nobody any more, or only those it invites.
    GroupClosed { group: GroupId },
    /// A group takes people again, of this instant: those who wait for that are told.
    GroupReopened { group: GroupId, at: Millis },
    /// A group was closed for good by one who runs it: its people are told, what is under way in it ends.
    GroupEnded { group: GroupId, by: PersonId },
    /// Those who operate the instance verified a group.
    GroupVerified { group: GroupId },
    /// They took that back.
    VerificationEnded { group: GroupId },
    /// They hid a group.
    GroupHidden { group: GroupId },
    /// They show it again.
    GroupShown { group: GroupId },
    /// Those who run a hidden group answered.
    HidingAnswered { group: GroupId },
    /// Searches that a person keeps found new groups at an instant.
    GroupsFound { person: PersonId, at: Millis },
    /// A membership changed its state.
    MembershipChanged { group: GroupId, person: PersonId, state: MembershipState },
    /// A member was invited, suspended, excluded or restored by those who run the group.
    MemberManaged { group: GroupId, person: PersonId, state: MembershipState },
    /// Somebody was invited by an address that no account has; the link leads to the group.
    AddressInvited { group: GroupId, link: LinkId },
    /// Who was invited does not wish to join.
    InvitationDeclined { group: GroupId, link: LinkId },
    /// A member got roles, or gave them up, by another's hand.
    RolesChanged { group: GroupId, person: PersonId },
    /// An application was sent, or sent again after more was asked.
    ApplicationSent { application: ApplicationId, group: GroupId, person: PersonId },
    /// An application was accepted.
    ApplicationAccepted { application: ApplicationId, group: GroupId, person: PersonId },
    /// An application was declined.
    ApplicationDeclined { application: ApplicationId, group: GroupId, person: PersonId },
    /// An application was put on the waiting list.
    ApplicationWaits { application: ApplicationId, group: GroupId, person: PersonId },
    /// An application was withdrawn by its applicant.
    ApplicationWithdrawn { application: ApplicationId, group: GroupId, person: PersonId },
    /// A step of an application was done or skipped by others: it goes on.
    ApplicationMoved { application: ApplicationId, group: GroupId, person: PersonId },
    /// A member was asked to vouch for an applicant.
    VouchAsked { vouch: VouchId, application: ApplicationId },
    /// A member vouched for an applicant.
    VouchGiven { vouch: VouchId, application: ApplicationId },
    /// A member does not vouch for an applicant.
    VouchDeclined { vouch: VouchId, application: ApplicationId },
    /// A member took a vouch back.
    VouchWithdrawn { vouch: VouchId, application: ApplicationId },
    /// A path was put into use: when that can be taken back no longer, drafts of applications are carried over to it.
    PathChanged { group: GroupId, path: PathId },
    /// Drafts of applications were carried over to a path, all their answers or not.
    DraftsCarried { group: GroupId, path: PathId, dropped: bool },
    /// Not all who have a draft were told yet that the group takes nobody, or that its path changed: those after this
    /// application are told next.
    DraftsLeft { group: GroupId, path: Option<PathId>, dropped: bool, after: ApplicationId },
    /// A step is due then, or was: a person who is to act is reminded.
    StepDue { application: ApplicationId, step: StepId, person: PersonId, due_at: Millis, passed: bool },
    /// A request to vouch ends soon: the member is reminded.
    VouchDue { vouch: VouchId, application: ApplicationId },
    /// A request to vouch has ended without an answer.
    VouchEnded { vouch: VouchId, application: ApplicationId },
    /// A step was due then, and its path asks that those who run the group are told.
    StepEscalated { application: ApplicationId, step: StepId, person: PersonId, due_at: Millis },
    /// A draft that lies ends then: its applicant is told.
    DraftEnds { application: ApplicationId, person: PersonId, at: Millis },
    /// An application ended since a step was not done in time.
    ApplicationLapsed { application: ApplicationId, step: StepId },
    /// A group offers times for interviews; this is the first of them.
    InterviewOffered { group: GroupId, slot: SlotId },
    /// An interview is at another time than before: taken, or moved by the group.
    InterviewSet { interview: InterviewId, application: ApplicationId, sequence: i64, moved: bool },
    /// An interview does not take place at a time at which it was to be.
    InterviewOff {
        interview: InterviewId,
        application: ApplicationId,
        slot: SlotId,
        sequence: i64,
        by_group: bool,
    },
    /// None of the times that are offered suits an applicant, or there are none.
    InterviewWanted { interview: InterviewId, application: ApplicationId },
    /// An applicant did not come.
    InterviewMissed { interview: InterviewId, application: ApplicationId },
    /// An interview is soon, or is over and nobody has noted how it went.
    InterviewDue { interview: InterviewId, application: ApplicationId, sequence: i64, over: bool },
    /// A member is asked to get to know an applicant.
    AcquaintanceAsked { acquaintance: AcquaintanceId, application: ApplicationId },
    /// Where and when a member and an applicant meet has changed.
    AcquaintanceChanged { acquaintance: AcquaintanceId, application: ApplicationId },
    /// A member and an applicant do not meet: the coordinators took the request back.
    AcquaintanceOff { acquaintance: AcquaintanceId, application: ApplicationId },
    /// A member is ready to meet an applicant.
    AcquaintanceAgreed { acquaintance: AcquaintanceId, application: ApplicationId },
    /// A member cannot meet an applicant.
    AcquaintanceDeclined { acquaintance: AcquaintanceId, application: ApplicationId },
    /// Somebody without an account wrote to a group: the mailed link shows it to the group.
    AskBegun { ask: AskId },
    /// A question stands before the group.
    AskSent { ask: AskId },
    /// Who asked wrote more.
    AskContinued { ask: AskId, word: WordId },
    /// The group answered.
    AskAnswered { ask: AskId, word: WordId },
    /// A question was given to a coordinator by another.
    AskAssigned { ask: AskId, person: PersonId },
    /// A question that waited ends with its group.
    AskEnded { ask: AskId },
    /// A question was reported to the operator.
    AskReported { ask: AskId, report: ReportId },
    /// The question of one without an account was deleted; `who` stands for them where people are told.
    AskForgotten { who: PersonId },
    /// A group has seen a qualification of a person.
    QualificationSeen { group: GroupId, person: PersonId, seen: SeenId },
    /// A group takes back that it has seen a qualification.
    SightWithdrawn { group: GroupId, person: PersonId, seen: SeenId },
    /// A group saw a qualification of a person or took that back: what their roles allow may have changed.
    QualificationsChanged { person: PersonId },
    /// A qualification is over in so many days, or with none left now; `until` is its last day, counted from 1970-01-01.
    QualificationEnds { person: PersonId, qualification: QualificationId, until: i64, days: i64 },
    /// A training has a date more.
    SittingAdded { group: GroupId, sitting: SittingId },
    /// A date of a training has another hour or place.
    SittingMoved { group: GroupId, sitting: SittingId },
    /// A date of a training was called off.
    SittingCancelled { group: GroupId, sitting: SittingId },
    /// A date of a training is tomorrow.
    SittingSoon { group: GroupId, sitting: SittingId },
    /// A freed seat is held for the first of the line.
    SeatOffered { group: GroupId, person: PersonId, sitting: SittingId },
    /// A seat was held long enough, and went on to the next.
    SeatLapsed { group: GroupId, person: PersonId, sitting: SittingId },
    /// Somebody gave up a seat: it goes on to the first of the line.
    SeatFreed { group: GroupId, person: PersonId, sitting: SittingId },
    /// Somebody has left a group: what they have of its dates is given up, if they have not come back by then.
    SeatsLeft { group: GroupId, person: PersonId },
    /// A date of a training is over, and those who train have not said how all did.
    SittingHeld { group: GroupId, sitting: SittingId },
    /// Those who train said how somebody did.
    TrainingAssessed { group: GroupId, person: PersonId, enrolment: EnrolmentId },
    /// Roles of a member give their permissions no longer, or again.
    RolesRest { group: GroupId, person: PersonId, rest: bool },
    /// A qualification of the one who alone runs a group is over: their roles go on.
    RolesGoOn { group: GroupId, person: PersonId },
    /// A minor named a guardian: the mailed link asks them for their consent.
    GuardianAsked { person: PersonId, link: LinkId },
    /// The guardian consented: the minor's account is open.
    WardAccepted { person: PersonId, guardian: PersonId },
    /// The one who was named does not consent.
    WardDeclined { person: PersonId },
    /// The guardian withdrew their consent: the minor's account is being closed.
    ConsentWithdrawn { person: PersonId, guardian: PersonId },
    /// The guardian gave it again: the account is as before.
    ConsentRestored { person: PersonId, guardian: PersonId },
    /// A minor is of age: the guardianship ended.
    GuardianshipEnded { person: PersonId, guardian: PersonId },
    /// An application of a minor waits until the guardian agrees.
    JoiningHeld { application: ApplicationId, person: PersonId, guardian: PersonId },
    /// The guardian agreed.
    JoiningAgreed { application: ApplicationId, person: PersonId },
    /// The guardian did not agree.
    JoiningRefused { application: ApplicationId, person: PersonId },
    /// Somebody proposed to appoint a person for safeguarding, or to dismiss them.
    SafeguardProposed { group: GroupId, person: PersonId, by: PersonId },
    /// Another one confirmed it: the person is appointed.
    SafeguardAppointed { group: GroupId, person: PersonId },
    /// The person is dismissed, or gave it up.
    SafeguardEnded { group: GroupId, person: PersonId },
    /// Somebody reported a safeguarding concern.
    ConcernReported { group: GroupId, concern: ConcernId },
}
