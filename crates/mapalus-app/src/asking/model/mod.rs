//! What people ask groups: the thread, its words, ready answers, blocks and reports.

mod views;

pub use views::{
    AssignInput, BlockView, FrequentInput, LineView, ReplyInput, ReplyView, ReportInput, ReportView,
    SaidView, ThreadInput, ThreadView, WordInput,
};

use crate::shell::Lang;
use mapalus_core::{AskId, BlockId, GroupId, LinkId, Millis, PersonId, ReplyId, ReportId, WordId};

mapalus_core::words! {
    /// The state of a question.
    pub enum State {
        /// By a stranger whose address is not confirmed: nobody sees it.
        Unconfirmed = "unconfirmed",
        /// It waits for the group.
        Open = "open",
        /// The group spoke last.
        Answered = "answered",
        /// The group is done with it; who asked may go on.
        Closed = "closed",
    }
}

mapalus_core::words! {
    /// Who speaks.
    pub enum Side {
        /// Who asked.
        Asker = "asker",
        /// The group.
        Group = "group",
    }
}

mapalus_core::words! {
    /// Which questions the inbox shows.
    pub enum Shelf {
        /// Those that wait.
        Open = "open",
        /// Those that are one's own to answer and not closed.
        Mine = "mine",
        /// Those that the group answered.
        Answered = "answered",
        /// Those that are done.
        Closed = "closed",
    }
}

mapalus_db::text_columns!(State, Side);

mapalus_db::record! {
    /// A question with what belongs to its head.
    #[derive(Debug, Clone)]
    pub struct Thread {
        /// The question.
        pub id: AskId,
        /// The group that is asked.
        pub group_id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its name.
        pub group_name: String,
        /// The language in which it is written.
        pub group_lang: Lang,
        /// When it was closed for good.
        pub group_ended_at: Option<Millis>,
        /// Who asked, if they have an account.
        pub person_id: Option<PersonId>,
        /// Their name; empty for one whose account is gone.
        pub name: String,
        /// The address of one without an account.
        pub mail: String,
        /// By which the address is known again.
        pub seal: String,
        /// The language of one without an account.
        pub lang: Lang,
        /// Of which the mailed secrets of one without an account are made.
        pub link: Option<LinkId>,
        /// Its first words.
        pub subject: String,
        /// Its state.
        pub state: State,
        /// Which coordinator it is given to.
        pub assigned_id: Option<PersonId>,
        /// Their name.
        pub assigned: Option<String>,
        /// When it was written.
        pub made_at: Millis,
        /// When the group saw it first.
        pub asked_at: Option<Millis>,
        /// When the group answered first.
        pub first_answer_at: Option<Millis>,
        /// When something was said last.
        pub last_at: Millis,
        /// Counts its changes.
        pub version: i64,
    }

    /// Something said.
    #[derive(Debug, Clone)]
    pub struct Word {
        /// The word.
        pub id: WordId,
        /// Who speaks.
        pub side: Side,
        /// The name of a person who speaks for the group; empty if the account is gone.
        pub name: String,
        /// What is said; empty if who said it was erased.
        pub text: String,
        /// When.
        pub made_at: Millis,
    }

    /// A question in a list.
    #[derive(Debug, Clone)]
    pub struct Line {
        /// The question.
        pub id: AskId,
        /// Who asked; in one's own list the group.
        pub name: String,
        /// Its first words.
        pub subject: String,
        /// Its state.
        pub state: State,
        /// The coordinator it is given to.
        pub assigned: Option<String>,
        /// When something was said last.
        pub last_at: Millis,
    }

    /// How many questions wait in a group.
    #[derive(Debug, Clone)]
    pub struct Waiting {
        /// The group.
        pub group_id: GroupId,
        /// How many.
        pub count: i64,
    }

    /// An answer that a group keeps ready.
    #[derive(Debug, Clone)]
    pub struct Reply {
        /// The answer.
        pub id: ReplyId,
        /// By which it is found.
        pub title: String,
        /// What it says.
        pub text: String,
        /// Counts its changes.
        pub version: i64,
    }

    /// Somebody whose questions a group does not take.
    #[derive(Debug, Clone)]
    pub struct Block {
        /// The block.
        pub id: BlockId,
        /// The name of one with an account, or of the latest question from that address; empty if none is left.
        pub name: Option<String>,
        /// Since when.
        pub made_at: Millis,
    }

    /// A question that was reported.
    #[derive(Debug, Clone)]
    pub struct Report {
        /// The report.
        pub id: ReportId,
        /// The question.
        pub ask_id: AskId,
        /// The group's name.
        pub group_name: String,
        /// Who reports; empty if the account is gone.
        pub reporter: String,
        /// Why.
        pub reason: String,
        /// When.
        pub made_at: Millis,
    }

    /// Something that a person said, in the download of their data.
    #[derive(Debug, Clone)]
    pub struct Said {
        /// The question.
        pub ask_id: AskId,
        /// The group's name.
        pub group_name: String,
        /// Who speaks.
        pub side: Side,
        /// What was said.
        pub text: String,
        /// When.
        pub made_at: Millis,
    }

    /// A report of a person, in the download of their data.
    #[derive(Debug, Clone)]
    pub struct Reported {
        /// The question.
        pub ask_id: AskId,
        /// Why.
        pub reason: String,
        /// When.
        pub made_at: Millis,
    }
}

impl Thread {
    /// The path of its page for those who are signed in.
    pub fn path(&self) -> String {
        format!("/questions/{}", self.id)
    }

    /// Whether one without an account asked.
    pub fn by_stranger(&self) -> bool {
        self.link.is_some()
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Asker {
    /// Somebody who is signed in.
    Person(PersonId),
    /// Somebody without an account.
    Stranger {
        /// Their name.
        name: String,
        /// Where the link goes.
        mail: String,
        /// The language in which they are written to.
        lang: Lang,
    },
}

/// A question that holds.
#[derive(Debug, Clone)]
pub struct NewAsk {
    /// Who asks.
    pub asker: Asker,
    /// The address in lower case.
    pub mail_folded: String,
    /// By which it is known again.
    pub seal: String,
    /// What is asked.
    pub text: String,
}

/// The name by which one without an account is told things: an identifier of a person that nobody has.
pub fn stands_for(ask: AskId) -> Option<PersonId> {
    ask.to_string().parse().ok()
}
