//! What a visitor must get, told from the rows of the access table and plain facts.

use mapalus_core::{
    GroupVisibility, MembershipState, Permission,
    access::{Need, Otherwise, Row},
};

/// What a visitor gets of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// What was asked, or a refusal that has nothing to do with who asks.
    In,
    /// The way to sign in.
    SignIn,
    /// That it is not allowed.
    Forbidden,
    /// That there is no such thing.
    NotFound,
}

/// What a route speaks of.
#[derive(Debug, Default)]
pub struct About {
    /// A group.
    pub group: bool,
    /// An application, which has an owner.
    pub application: bool,
    /// A request to vouch, of which the active member is asked.
    pub vouch: bool,
    /// A draft of a group, which is the operator's; so is a ward, and what waits for their guardian.
    pub draft: bool,
}

/// How a visitor stands to everything in the world of the matrix.
pub struct Facts {
    pub signed_in: bool,
    pub operator: bool,
    /// The application is theirs.
    pub owner: bool,
    /// They are asked to vouch.
    pub asked: bool,
    /// They are appointed in the group for safeguarding.
    pub safeguards: bool,
    pub visibility: GroupVisibility,
    pub membership: Option<MembershipState>,
    pub permissions: Vec<Permission>,
}

impl Facts {
    fn sees(&self) -> bool {
        use MembershipState::{Excluded, Left};
        self.visibility != GroupVisibility::Private
            || !matches!(self.membership, None | Some(Left | Excluded))
    }

    fn meets(&self, need: Need, about: &About) -> bool {
        use MembershipState::{Accepted, Active};
        let in_group = about.group || about.application;
        let active = in_group && self.membership == Some(Active);
        let belongs = in_group && matches!(self.membership, Some(Active | Accepted));
        match need {
            Need::Nothing => true,
            Need::SignedIn => self.signed_in,
            // Nobody of the matrix: an account that waits is a stranger to all of this.
            Need::Waits => false,
            Need::Safeguards => active && self.safeguards,
            Need::SeesGroup => in_group && self.sees(),
            Need::SignedInAndSeesGroup => self.signed_in && in_group && self.sees(),
            Need::Belongs => belongs,
            Need::Is(state) => in_group && self.membership == Some(state),
            Need::Holds(permission) => active && self.permissions.contains(&permission),
            Need::HoldsAny => active && !self.permissions.is_empty(),
            Need::Owns => {
                (about.application && self.owner)
                    || (about.vouch && self.asked)
                    || (about.draft && self.operator)
            }
            Need::Operates | Need::OperatesOrDemo => self.operator,
            Need::Demo => false,
        }
    }

    /// What a visitor must get.
    pub fn expected(&self, row: &Row, about: &About) -> Given {
        if row.needs.iter().any(|need| self.meets(*need, about)) {
            return Given::In;
        }
        // An application may be the stranger's own.
        if about.application && !self.signed_in {
            return Given::SignIn;
        }
        let owns = about.application && self.owner;
        if (about.group || about.application) && !self.sees() && !owns {
            return Given::NotFound;
        }
        let of_instance = matches!(row.needs, [Need::Demo | Need::Operates | Need::OperatesOrDemo]);
        match row.otherwise {
            _ if !self.signed_in && !of_instance => Given::SignIn,
            Otherwise::Forbidden => Given::Forbidden,
            Otherwise::NotFound => Given::NotFound,
        }
    }
}
