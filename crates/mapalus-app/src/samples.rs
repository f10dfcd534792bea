//! Every page of the program, made of samples: for the test that renders and validates them all.

use crate::{
    asking, groups, growth, home, joining, notices, people, qualifications, safeguarding, shell::Lang,
};
use askama::Template;

/// A rendered sample: the name of its page, and its HTML.
pub struct Sample {
    /// Name of the page.
    pub name: String,
    /// The type of its page, with its path.
    pub page: &'static str,
    /// Its HTML.
    pub html: Result<String, askama::Error>,
}

struct Gathered(Vec<Sample>);

impl Gathered {
    fn one<T: Template>(&mut self, name: &str, page: T) {
        self.0.push(Sample { name: name.to_owned(), page: std::any::type_name::<T>(), html: page.render() });
    }

    fn many(&mut self, name: &str, pages: Vec<impl Template>) {
        for (n, page) in pages.into_iter().enumerate() {
            self.one(&format!("{name}-{}", n + 1), page);
        }
    }
}

/// Every page in a language.
pub fn all(lang: Lang) -> Vec<Sample> {
    let mut pages = Gathered(Vec::new());
    pages.one("sign-up", people::pages::enter::SignUpPage::sample(lang));
    pages.one("sign-up-sent", people::pages::enter::SentPage::sample(lang));
    pages.one("sign-in", people::pages::enter::SignInPage::sample(lang));
    pages.one("confirm", people::pages::links::ConfirmPage::sample(lang));
    pages.many("waiting", people::pages::waiting::WaitingPage::samples(lang));
    pages.many("guardian", people::pages::guardian::GuardianPage::samples(lang));
    pages.one("forgot", people::pages::links::ForgotPage::sample(lang));
    pages.one("reset", people::pages::links::ResetPage::sample(lang));
    pages.one("setup", people::pages::links::SetupPage::sample(lang));
    pages.one("me", people::pages::account::MePage::sample(lang));
    pages.one("profile", people::pages::profile::ProfilePage::sample(lang));
    pages.many("preview", people::pages::profile::PreviewPage::samples(lang));
    pages.many("settings", people::pages::settings::SettingsPage::samples(lang));
    pages.many("factors", people::pages::factors::FactorsPage::samples(lang));
    pages.many("sign-up-passkey", people::pages::passkeys::KeySignUpPage::samples(lang));
    pages.many("passkey", people::pages::passkeys::PasskeyPage::samples(lang));
    pages.one("app", people::pages::factors::AppPage::sample(lang));
    pages.one("recovery", people::pages::factors::RecoveryPage::sample(lang));
    pages.many("prove", people::pages::proof::ProvePage::samples(lang));
    pages.many("tokens", people::pages::tokens::TokensPage::samples(lang));
    pages.one("token", people::pages::tokens::TokenPage::sample(lang));
    pages.many("consent", people::pages::consent::ConsentPage::samples(lang));
    pages.one("entry", people::pages::code::EntryPage::sample(lang));
    pages.many("code", people::pages::code::CodePage::samples(lang));
    pages.one("refusal", crate::shell::error::RefusalPage::sample(lang));
    pages.one("kept", crate::shell::kept::KeptPage::sample(lang));
    pages.many("person", people::pages::profile::PersonPage::samples(lang));
    pages.many("network", people::pages::network::NetworkPage::samples(lang));
    pages.many("to-person", people::pages::network::ToPersonPage::samples(lang));
    pages.many("people-reports", people::pages::network::PersonReportsPage::samples(lang));
    pages.one("demo", people::pages::demo::DemoPage::sample(lang));
    pages.one("admin", people::pages::admin::AdminPage::sample(lang));
    pages.many("trainings", growth::TrainingsPage::samples(lang));
    pages.many("training", growth::TrainingPage::samples(lang));
    pages.many("sitting", growth::SittingPage::samples(lang, &home::sample_group()));
    pages.many("my-trainings", growth::MinePage::samples(lang));
    pages.many("my-qualifications", qualifications::MinePage::samples(lang));
    pages.many("my-qualification", qualifications::HeldPage::samples(lang));
    pages.many("check", groups::CheckPage::samples(lang));
    pages.many("kinds", groups::KindsPage::samples(lang));
    pages.one("members", groups::MembersPage::sample(lang));
    pages.many("invitation", groups::InvitationPage::samples(lang));
    pages.many("links", groups::LinksPage::samples(lang));
    pages.many("link", groups::LinkPage::samples(lang));
    pages.many("member", groups::MemberPage::samples(lang));
    pages.one("roles", groups::RolesPage::sample(lang));
    pages.many("role", groups::RolePage::samples(lang));
    pages.many("group-settings", groups::SettingsPage::samples(lang, &home::sample_group()));
    pages.many("decisions", groups::DecisionsPage::samples(lang, &home::sample_group()));
    pages.many("listed-groups", groups::ListedPage::samples(lang));
    pages.many("judged-group", groups::JudgedPage::samples(lang));
    pages.many("hidden-group", groups::HidingPage::samples(lang, &home::sample_group()));
    pages.many("audit", home::AuditPage::samples(lang));
    pages.many("group-ending", groups::EndingPage::samples(lang, &home::sample_group()));
    pages.many("safeguarding", safeguarding::SafeguardingPage::samples(lang));
    pages.many("proposals", safeguarding::ProposalsPage::samples(lang));
    pages.many("concern", safeguarding::ConcernPage::samples(lang));
    pages.many("concerns", safeguarding::ConcernsPage::samples(lang));
    pages.many("one-concern", safeguarding::OneConcernPage::samples(lang));
    pages.many("invited", joining::pages::invited::InvitedPage::samples(lang));
    pages.many("join", joining::pages::join::JoinPage::samples(lang));
    pages.many("applications", joining::MinePage::samples(lang));
    pages.many("application", joining::OnePage::samples(lang));
    pages.many("withdraw", joining::pages::withdraw::WithdrawPage::samples(lang));
    pages.many("leave", groups::pages::members::LeavePage::samples(lang));
    pages.many("review", joining::ReviewPage::samples(lang));
    pages.many("vouches", joining::pages::vouch::VouchesPage::samples(lang));
    pages.many("vouch", joining::pages::vouch::VouchPage::samples(lang));
    pages.many("acquaintance", joining::pages::acquaintance::AcquaintancePage::samples(lang));
    pages.many("interviews", joining::pages::interview::InterviewsPage::samples(lang, &home::sample_group()));
    pages.many("interview", joining::pages::interview::SlotPage::samples(lang));
    pages.many("path", joining::pages::path::PathPage::samples(lang, &home::sample_group()));
    pages.many("step", joining::pages::path::StepPage::samples(lang));
    pages.many("path-question", joining::pages::path::QuestionPage::samples(lang));
    pages.many("board", joining::BoardPage::samples(lang));
    pages.many("bulk", joining::BulkPage::samples(lang));
    pages.many("figures", joining::FiguresPage::samples(lang));
    pages.many("ask", asking::AskPage::samples(lang));
    pages.one("ask-sent", asking::SentPage::sample(lang));
    pages.one("frequent", asking::FrequentPage::sample(lang));
    pages.one("ask-confirm", asking::ConfirmPage::sample(lang));
    pages.many("question", asking::ThreadPage::samples(lang));
    pages.many("inbox", asking::InboxPage::samples(lang));
    pages.many("questions", asking::MinePage::samples(lang));
    pages.many("replies", asking::RepliesPage::samples(lang));
    pages.many("blocked", asking::BlockedPage::samples(lang));
    pages.many("reports", asking::ReportsPage::samples(lang));
    pages.one("report", asking::ReportPage::sample(lang));
    pages.many("notices", notices::NoticesPage::samples(lang));
    pages.one("notice-choices", notices::ChoicesPage::sample(lang));
    pages.many("unsubscribe", notices::StopPage::samples(lang));
    pages.many("mailbox", notices::MailboxPage::samples(lang));
    pages.one("mail", notices::LetterPage::sample(lang));
    pages.many("start", home::StartPage::samples(lang));
    pages.many("directory", home::DirectoryPage::samples(lang));
    pages.many("wards", home::WardsPage::samples(lang));
    pages.many("watches", home::WatchesPage::samples(lang));
    pages.many("map", home::MapPage::samples(lang));
    pages.many("group", home::GroupPage::samples(lang));
    pages.many("share", home::SharePage::samples(lang));
    pages.many("templates", home::TemplatesPage::samples(lang));
    pages.many("drafts", home::DraftsPage::samples(lang));
    pages.many("open", home::OpenPage::samples(lang));
    pages.many("desk", home::DeskPage::samples(lang));
    pages.many("text", home::TextPage::samples(lang));
    pages.one("api-docs", crate::openapi::DocsPage::sample(lang));
    pages.0
}

/// A mail about each of these message keys, in a language: its text, and its HTML.
pub fn letters(lang: Lang, keys: &[&str]) -> Vec<(String, Result<String, askama::Error>)> {
    let letter = |key: &&str| notices::Letter::sample(lang, key);
    keys.iter().map(letter).map(|letter| (letter.plain(), letter.html())).collect()
}
