//! What is filled in, and how the API shows what is stored.

use super::{Block, Line, Reply, Report, Side, Thread, Word};
use crate::shell::text;
use serde::{Deserialize, Serialize};

/// What is filled in to ask a group. One who is signed in gives the text alone.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadInput {
    /// The question: 10 to 2,000 characters. Without an account no links stand in it.
    #[serde(default)]
    pub text: String,
    /// Without an account: one's name.
    #[serde(default)]
    pub name: String,
    /// Without an account: the address to which the link goes that sends the question and continues it.
    #[serde(default)]
    pub mail: String,
}

/// Something more to say.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordInput {
    /// 1 to 2,000 characters.
    #[serde(default)]
    pub text: String,
}

/// To whom a question is given.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignInput {
    /// The id of a coordinator who answers questions; empty for nobody.
    #[serde(default)]
    pub person: String,
}

/// A ready answer.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyInput {
    /// By which it is found: 2 to 120 characters.
    #[serde(default)]
    pub title: String,
    /// What it says: 1 to 2,000 characters.
    #[serde(default)]
    pub text: String,
}

/// A frequent question that is made of an answer.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrequentInput {
    /// What is asked, in words for everybody.
    #[serde(default)]
    pub ask: String,
    /// What is answered: 1,000 characters at most.
    #[serde(default)]
    pub answer: String,
}

/// Why a question is reported.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// 5 to 500 characters, for the operator.
    #[serde(default)]
    pub reason: String,
}

/// A ready answer as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReplyView {
    /// Its id.
    pub id: String,
    /// By which it is found.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Counts its changes: give it as `If-Match`.
    pub version: i64,
}

impl From<Reply> for ReplyView {
    fn from(reply: Reply) -> Self {
        Self { id: reply.id.to_string(), title: reply.title, text: reply.text, version: reply.version }
    }
}

/// A block as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BlockView {
    /// Its id.
    pub id: String,
    /// Who is blocked; null if no question of theirs is left.
    pub name: Option<String>,
    /// Since when.
    pub made_at: String,
}

impl From<Block> for BlockView {
    fn from(block: Block) -> Self {
        Self { id: block.id.to_string(), name: block.name, made_at: text::machine(block.made_at) }
    }
}

/// A report as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportView {
    /// Its id.
    pub id: String,
    /// The group's name.
    pub group_name: String,
    /// Who reports; empty for a former member.
    pub reporter: String,
    /// Why.
    pub reason: String,
    /// When.
    pub made_at: String,
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        Self {
            id: report.id.to_string(),
            group_name: report.group_name,
            reporter: report.reporter,
            reason: report.reason,
            made_at: text::machine(report.made_at),
        }
    }
}

/// A question as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ThreadView {
    /// The question's id.
    pub id: String,
    /// The group's slug.
    pub group: String,
    /// The group's name.
    pub group_name: String,
    /// Its first words.
    pub subject: String,
    /// Who asked; empty for a former member.
    pub name: String,
    /// `unconfirmed`, `open`, `answered` or `closed`.
    pub state: String,
    /// The id of the coordinator it is given to; for those who answer alone.
    pub assigned: Option<String>,
    /// When the group saw it first.
    pub asked_at: Option<String>,
    /// When something was said last.
    pub last_at: String,
    /// Counts its changes: give it as `If-Match`.
    pub version: i64,
    /// What was said, oldest first.
    pub words: Vec<SaidView>,
}

/// Something said, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SaidView {
    /// Its id.
    pub id: String,
    /// `asker` or `group`.
    pub side: String,
    /// Who said it; empty for a former member.
    pub name: String,
    /// What was said; empty if who said it was erased.
    pub text: String,
    /// When.
    pub made_at: String,
}

/// A question in a list, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LineView {
    /// The question's id.
    pub id: String,
    /// Who asked; in one's own list the group.
    pub name: String,
    /// Its first words.
    pub subject: String,
    /// `open`, `answered` or `closed`.
    pub state: String,
    /// The name of the coordinator it is given to; for those who answer alone.
    pub assigned: Option<String>,
    /// When something was said last.
    pub last_at: String,
}

impl ThreadView {
    /// As those who answer see it, or as the one who asked does.
    pub fn new(thread: &Thread, words: &[Word], staff: bool) -> Self {
        let word = |word: &Word| SaidView {
            id: word.id.to_string(),
            side: word.side.word().to_owned(),
            name: if word.side == Side::Asker { thread.name.clone() } else { word.name.clone() },
            text: word.text.clone(),
            made_at: text::machine(word.made_at),
        };
        Self {
            id: thread.id.to_string(),
            group: thread.slug.clone(),
            group_name: thread.group_name.clone(),
            subject: thread.subject.clone(),
            name: thread.name.clone(),
            state: thread.state.word().to_owned(),
            assigned: thread.assigned_id.filter(|_| staff).map(|person| person.to_string()),
            asked_at: thread.asked_at.map(text::machine),
            last_at: text::machine(thread.last_at),
            version: thread.version,
            words: words.iter().map(word).collect(),
        }
    }
}

impl From<Line> for LineView {
    fn from(line: Line) -> Self {
        Self {
            id: line.id.to_string(),
            name: line.name,
            subject: line.subject,
            state: line.state.word().to_owned(),
            assigned: line.assigned,
            last_at: text::machine(line.last_at),
        }
    }
}
