//! The world of the matrix: a thing for each parameter that a route may have.

use super::{Visitor, Who};
use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, sql, value},
};
use mapalus_core::{AcquaintanceId, FileId, Id, LinkId, Millis, SlotId, VouchId, chance::SystemChance};
use mapalus_db::{Db, params};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The things with which the parameters of routes are filled.
pub struct Places {
    pub application: String,
    /// What the applicant asked the group, an answer to it, and its version.
    pub ask: String,
    pub word: String,
    pub asked: String,
    /// A ready answer, somebody blocked, a question reported.
    pub reply: String,
    pub block: String,
    pub report: String,
    /// A person who was reported.
    pub person_report: String,
    /// The id of the group, for those who operate the instance.
    pub listed: String,
    /// The short address of the group.
    pub short: String,
    /// What the active member was asked.
    pub vouch: String,
    /// Whom the active member was asked to get to know.
    pub acquaintance: String,
    /// A time for interviews.
    pub slot: String,
    /// A file that the application was sent with.
    pub file: String,
    pub version: String,
    /// An account that waits to be confirmed.
    pub waiting: String,
    /// Somebody who shows a photo to everybody.
    pub person: String,
    /// An active member of the group who runs nothing, and a role that nobody holds.
    pub member: String,
    pub role: String,
    pub mail: String,
    /// The operator's.
    pub draft: String,
    /// What the applicant holds; a kind of the group's own; what the group saw of the member.
    pub qualification: String,
    pub kind: String,
    pub sight: String,
    /// A training, a date of it, and what a member has there.
    pub training: String,
    pub sitting: String,
    pub enrolment: String,
    /// An address that was invited to the group.
    pub invitation: String,
    /// A link that invites, made by a coordinator.
    pub invite: String,
    /// A search that the operator keeps.
    pub watch: String,
    /// A minor of whom the operator is the guardian, and an application that waits for them.
    pub ward: String,
    pub joining: String,
    /// What is proposed in the group, and a concern that was reported.
    pub proposal: String,
    pub concern: String,
    /// A way out of a kind of mails.
    pub way: String,
    /// Links by their purpose.
    pub links: BTreeMap<&'static str, String>,
}

/// A date of a training.
pub const DATE: [(&str, &str); 4] = [
    ("starts", "2027-03-01T08:00"),
    ("ends", "2027-03-01T12:00"),
    ("area", "Kota Manado"),
    ("place", "Aula"),
];

pub const ACCOUNT: [(&str, &str); 5] = [
    ("name", "Suharti"),
    ("mail", "suharti@contoh.id"),
    ("password", "kopi tiga gelas pagi"),
    ("age", "adult"),
    ("consent", "yes"),
];

/// A confirmed account with the password of [`ACCOUNT`].
pub const KNOWN: &str = "empat@contoh.id";

/// What the secret of an app may be made of.
pub const SEED: &str = "c2FtcGxlLXNlZWQtc2FtcA";

/// A step of a path that nobody has begun to change.
pub const STEP: [(&str, &str); 5] =
    [("kind", "form"), ("name", "Formulir"), ("days", "7"), ("remind_days", "2"), ("version", "0")];

/// What one asks a group; of one who is signed in only the text counts.
pub const QUESTION: [(&str, &str); 3] =
    [("text", "Bolehkah saya ikut tanpa pengalaman?"), ("name", "Suharti"), ("mail", "suharti@contoh.id")];

pub const NEW_GROUP: [(&str, &str); 6] = [
    ("template", "orphanage"),
    ("name", "Sahabat Panti Tondano"),
    ("summary", "Menemani anak panti belajar dan bermain."),
    ("area", "Kabupaten Minahasa"),
    ("sign_up", "application"),
    ("visibility", "public"),
];

async fn id_of(db: &Db, mail: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail]).await
}

/// What the applicant asked, and the links of two who have no account: one has not followed it, the other one has.
async fn questions(demo: &Instance, applicant: &mut Browser<'_>) -> (String, [(&'static str, String); 2]) {
    let path = format!("/groups/{GROUP}/ask");
    let asked = applicant.post(&path, &QUESTION).await.is(303);
    let ask = asked.location().rsplit('/').next().unwrap().to_owned();
    let mut link_of = BTreeMap::new();
    for mail in ["tanya@contoh.id", "lanjut@contoh.id"] {
        let mut question = QUESTION.to_vec();
        question[2].1 = mail;
        demo.browser().post(&path, &question).await.is(303);
        let id: String = value(&demo.app.db, "select link from asks where mail = $1", &params![mail]).await;
        link_of.insert(mail, id.parse::<LinkId>().unwrap());
    }
    let link = |purpose, mail| demo.app.key.link(purpose, link_of[mail]);
    demo.browser().post(&format!("/ask/{}", link("ask", "lanjut@contoh.id")), &[]).await.is(303);
    (ask, [("ask", link("ask", "tanya@contoh.id")), ("asked", link("asked", "lanjut@contoh.id"))])
}

/// An answer to a question, kept ready; another's question, blocked and reported.
async fn answered(db: &Db, ask: &str, coordinator: &mut Browser<'_>) -> [String; 4] {
    let path = format!("/api/v1/questions/{ask}");
    let answer = Some(json!({ "text": "Boleh. Datang Sabtu." }));
    let now = coordinator.api("POST", &format!("{path}/answers"), answer).await.is(200).json();
    let word = now["words"][1]["id"].as_str().unwrap().to_owned();
    let kept = coordinator.api("POST", &format!("{path}/words/{word}/keep"), None).await.is(201).json();
    let find = "select id from asks where mail = 'lanjut@contoh.id'";
    let other: String = value(db, find, &[]).await;
    let other = format!("/api/v1/questions/{other}");
    let reason = Some(json!({ "reason": "Mengancam pengurus." }));
    coordinator.api("POST", &format!("{other}/report"), reason).await.is(204);
    coordinator.api("POST", &format!("{other}/block"), None).await.is(204);
    let block: String = value(db, "select id from ask_blocks", &[]).await;
    let report: String = value(db, "select id from ask_reports", &[]).await;
    [word, kept["id"].as_str().unwrap().to_owned(), block, report]
}

/// What the applicant states, a kind that the group makes, and what it saw of a member.
async fn qualifications(
    db: &Db,
    applicant: &mut Browser<'_>,
    (coordinator, member): (&mut Browser<'_>, &str),
) -> [String; 3] {
    let input = Some(json!({ "kind": "str" }));
    let stated = applicant.api("POST", "/api/v1/me/qualifications", input).await.is(201).json();
    let path = format!("/api/v1/groups/{GROUP}");
    let input = Some(json!({ "name": "Orientasi relawan" }));
    let kind = coordinator.api("POST", &format!("{path}/qualifications/kinds"), input).await.is(201).json();
    let of_member = format!("{path}/members/{member}/qualifications");
    coordinator.api("POST", &of_member, Some(json!({ "kind": "scuba" }))).await.is(201);
    let sight = value(db, "select min(id) from sights where valid_until is null", &[]).await;
    [stated["id"].as_str().unwrap().to_owned(), kind["kind"].as_str().unwrap().to_owned(), sight]
}

/// A training for applicants, a date of it, and somebody who takes part.
async fn trainings(db: &Db, coordinator: &mut Browser<'_>) -> [String; 3] {
    let path = format!("/api/v1/groups/{GROUP}/trainings");
    let input = Some(json!({ "title": "Latihan dasar", "for_applicants": true }));
    let training = coordinator.api("POST", &path, input).await.is(201).json();
    let training = training["id"].as_str().unwrap().to_owned();
    let input = Some(Json::Object(object(&DATE)));
    let sitting = coordinator.api("POST", &format!("{path}/{training}/sittings"), input).await.is(201).json();
    let sitting = sitting["id"].as_str().unwrap().to_owned();
    let enrol = format!("/api/v1/groups/{GROUP}/sittings/{sitting}/enrol");
    coordinator.api("POST", &enrol, None).await.is(200);
    [training, sitting, value(db, "select min(id) from enrolments", &[]).await]
}

fn object(fields: &[(&str, &str)]) -> serde_json::Map<String, Json> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}

/// A minor of whom the operator is the guardian, with an application that waits for them; a proposal, and a concern that
/// was reported to the one who is appointed. The link of another minor's guardian.
async fn guarded(
    demo: &Instance,
    coordinator: &mut Browser<'_>,
    links: &mut BTreeMap<&'static str, String>,
) -> [String; 4] {
    let db = &demo.app.db;
    let mut gita = world::enter(demo, "gita").await;
    let joining = world::apply(&mut gita, GROUP).await;
    let step = gita.api("GET", &format!("/api/v1/applications/{joining}"), None).await.is(200).json();
    let answers = Some(json!({ "answers": world::answers(&step["steps"][0]) }));
    gita.api("POST", &format!("/api/v1/applications/{joining}/send"), answers).await.is(200);
    let (ward, operator) = (id_of(db, &world::mail("gita")).await, id_of(db, &world::mail("bagas")).await);
    for table in ["guardianships", "consents"] {
        let set = format!("update {table} set guardian_id = $1");
        assert_eq!(sql(db, &set, &params![&operator]).await, 1, "{table}");
    }
    let mut account = ACCOUNT.to_vec();
    account[1].1 = "anak@contoh.id";
    account[3].1 = "teen";
    account.extend([("birth_year", "2009"), ("guardian", "ibu@contoh.id")]);
    demo.browser().post("/sign-up", &account).await.is(303);
    let find = "select max(links.id) from links join persons on persons.id = person_id
        where mail_folded = 'anak@contoh.id' and purpose = $1";
    let id: String = value(db, find, &params!["confirm"]).await;
    let confirm = demo.app.key.link("confirm", id.parse::<LinkId>().unwrap());
    demo.browser().post(&format!("/confirm/{confirm}"), &[]).await.is(303);
    let id: String = value(db, find, &params!["guardian"]).await;
    links.insert("guardian", demo.app.key.link("guardian", id.parse::<LinkId>().unwrap()));
    let maikel = id_of(db, &world::mail("maikel")).await;
    let proposed = Some(json!({ "kind": "appoint", "person": maikel }));
    let path = format!("/api/v1/groups/{GROUP}");
    coordinator.api("POST", &format!("{path}/safeguarding/proposals"), proposed).await.is(204);
    let worry = Some(json!({ "text": "Seseorang mengajak bertemu sendirian." }));
    coordinator.api("POST", &format!("{path}/concerns"), worry).await.is(204);
    let proposal = value(db, "select id from safeguard_proposals", &[]).await;
    [ward, joining, proposal, value(db, "select id from concerns", &[]).await]
}

impl Places {
    /// An application that waits for its decision, a new account with its link, a mail.
    pub async fn make(demo: &Instance, visitors: &mut [Visitor<'_>]) -> Self {
        let db = &demo.app.db;
        let of = |who| visitors.iter().position(|visitor| visitor.who == who).unwrap();
        let (applicant, coordinator, operator) =
            (of(Who::Applicant), of(Who::Coordinator), of(Who::Operator));
        let application = world::apply(&mut visitors[applicant].browser, GROUP).await;
        let [applicant, coordinator, operator] =
            visitors.get_disjoint_mut([applicant, coordinator, operator]).unwrap();
        world::step(&mut applicant.browser, &mut coordinator.browser, &application).await;

        let mut links = BTreeMap::new();
        for (purpose, mail) in
            [("confirm", "satu@contoh.id"), ("setup", "dua@contoh.id"), ("mail", "tiga@contoh.id")]
        {
            let mut account = ACCOUNT.to_vec();
            account[1].1 = mail;
            demo.browser().post("/sign-up", &account).await.is(303);
            // Two purposes have no door here: the first account is there, and nobody of the demonstration has
            // a password. A link of the third plays them.
            let play = "update links set purpose = $1,
                    person_id = case when $1 = 'setup' then null else person_id end,
                    detail = case when $1 = 'mail' then 'baru@contoh.id' else '' end
                where person_id = (select id from persons where mail_folded = $2)";
            assert_eq!(sql(db, play, &params![purpose, mail]).await, 1);
            links.insert(purpose, String::new());
        }
        let known = [("mail", KNOWN)];
        let mut account = ACCOUNT.to_vec();
        account[1] = known[0];
        demo.browser().post("/sign-up", &account).await.is(303);
        demo.browser().post("/forgot", &known).await.is(303);
        links.insert("reset", String::new());
        let confirm = "update persons set state = 'confirmed' where mail_folded = $1";
        sql(db, confirm, &params![KNOWN]).await;
        for (purpose, link) in &mut links {
            let find = "select max(links.id) from links left join persons on persons.id = person_id
                where purpose = $1 and used_at is null and (mail_folded is null or mail_folded <> $2
                    or purpose = 'reset')";
            let id: String = value(db, find, &params![*purpose, KNOWN]).await;
            *link = demo.app.key.link(purpose, id.parse::<LinkId>().unwrap());
        }
        let (ask, mailed) = questions(demo, &mut applicant.browser).await;
        links.extend(mailed);
        let [word, reply, block, report] = answered(db, &ask, &mut coordinator.browser).await;
        let find = "select min(memberships.person_id) from memberships
                join groups on groups.id = memberships.group_id
                where slug = $1 and state = 'active' and not exists (
                    select 1 from role_holders join roles on roles.id = role_id
                    where role_holders.person_id = memberships.person_id and roles.permissions <> ''
                )";
        let member: String = value(db, find, &params![GROUP]).await;
        let checker = (&mut coordinator.browser, member.as_str());
        let [qualification, kind, sight] = qualifications(db, &mut applicant.browser, checker).await;
        let [training, sitting, enrolment] = trainings(db, &mut coordinator.browser).await;
        let person = id_of(db, &world::mail("slamet")).await;
        sql(db, "update persons set shown = 'photo=public' where id = $1", &params![&person]).await;
        let photo = "insert into photos (person_id, jpeg, digest) values ($1, $2, 'x')";
        sql(db, photo, &params![&person, vec![0xffu8, 0xd8]]).await;
        let vouch = VouchId::new(Millis(0), &SystemChance).to_string();
        let asked =
            "insert into vouches (id, application_id, step_id, giver_id, typed, state, asked_at, ends_at,
                relation, known, note)
            select $1, applications.id, steps.id, persons.id, '', 'asked', 0, 9000000000000, '', '', ''
            from applications
            join steps on steps.path_id = applications.path_id and steps.place = 0
            join persons on persons.mail_folded = $3
            where applications.id = $2";
        assert_eq!(sql(db, asked, &params![&vouch, &application, &world::mail("deisy")]).await, 1);
        let acquaintance = AcquaintanceId::new(Millis(0), &SystemChance).to_string();
        let known = "insert into acquaintances (id, application_id, step_id, person_id, state, how, asked_at)
            select $1, applications.id, steps.id, persons.id, 'asked', 'Kantin.', 0 from applications
            join steps on steps.path_id = applications.path_id and steps.place = 0
            join persons on persons.mail_folded = $3
            where applications.id = $2";
        assert_eq!(sql(db, known, &params![&acquaintance, &application, &world::mail("deisy")]).await, 1);
        let slot = SlotId::new(Millis(0), &SystemChance).to_string();
        let offered = "insert into interview_slots (id, group_id, step_name, starts_at, ends_at, zone, place, seats,
                taken, host_id, state, reason, made_at, version)
            select $1, groups.id, 'Wawancara', 8000000000000, 8000000900000, 'Asia/Makassar', 'Posko', 1, 0, persons.id,
                'offered', '', 0, 1
            from groups join persons on persons.mail_folded = $3 where groups.slug = $2";
        assert_eq!(sql(db, offered, &params![&slot, GROUP, &world::mail("deisy")]).await, 1);
        let file = FileId::new(Millis(0), &SystemChance).to_string();
        let asks = "insert into questions (step_id, place, key, kind, required, label, why, visible, delete_days, options)
            select steps.id, 90, 'paper', 'file', false, 'Surat', '', 'reviewers', 30, '' from applications
            join steps on steps.path_id = applications.path_id and steps.place = 0
            where applications.id = $1";
        assert_eq!(sql(db, asks, &params![&application]).await, 1);
        let stored = "insert into files (id, application_id, name, kind, size, digest, made_at)
            values ($1, $2, 'surat.pdf', 'pdf', 5, 'x', 0)";
        sql(db, stored, &params![&file, &application]).await;
        let part = "insert into file_parts (file_id, place, bytes) values ($1, 0, $2)";
        sql(db, part, &params![&file, b"%PDF-".to_vec()]).await;
        let names = "insert into answers (application_id, step_id, key, value)
            select $1, step_id, key, $2 from questions where key = 'paper'";
        assert_eq!(sql(db, names, &params![&application, &file]).await, 1);
        let coordinator = &mut coordinator.browser;
        coordinator.post(&format!("/groups/{GROUP}/invite"), &[("mail", "lima@contoh.id")]).await.is(303);
        let invitation: String =
            value(db, "select id from invitations where mail = 'lima@contoh.id'", &[]).await;
        links.insert("invitation", demo.app.key.link("invitation", invitation.parse().unwrap()));
        let made = Some(json!({ "uses": 5, "days": 7 }));
        let made =
            coordinator.api("POST", &format!("/api/v1/groups/{GROUP}/links"), made).await.is(201).json();
        let invite = made["id"].as_str().unwrap().to_owned();
        let secret = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        links.extend([("invite", secret.clone()), ("invites", secret)]);
        let told = json!({ "reason": "Mengirim ancaman." });
        let told_of = format!("/api/v1/people/{person}/report");
        coordinator.api("POST", &told_of, Some(told)).await.is(204);
        let person_report: String = value(db, "select id from person_reports", &[]).await;
        let kept = Some(json!({ "cause": "flood" }));
        let kept = operator.browser.api("POST", "/api/v1/watches", kept).await.is(201).json();
        let watch = kept["id"].as_str().unwrap().to_owned();
        let [ward, joining, proposal, concern] = guarded(demo, coordinator, &mut links).await;
        demo.settle().await;
        mapalus_app::home::starters::give(&demo.app).await.unwrap().expect("there is an operator");
        Self {
            word,
            reply,
            block,
            report,
            asked: value(db, "select cast(version as text) from asks where id = $1", &params![&ask]).await,
            ask,
            vouch,
            acquaintance,
            slot,
            invitation,
            invite,
            person_report,
            watch,
            ward,
            joining,
            proposal,
            concern,
            file,
            version: value(
                db,
                "select cast(version as text) from applications where id = $1",
                &params![&application],
            )
            .await,
            member,
            qualification,
            kind,
            sight,
            training,
            sitting,
            enrolment,
            role: value(
                db,
                "select min(roles.id) from roles join groups on groups.id = roles.group_id
                where slug = $1 and roles.permissions = '' and not exists (
                    select 1 from role_holders where role_holders.role_id = roles.id
                )",
                &params![GROUP],
            )
            .await,
            waiting: id_of(db, "satu@contoh.id").await,
            listed: value(db, "select id from groups where slug = $1", &params![GROUP]).await,
            short: {
                let id: String = value(db, "select id from groups where slug = $1", &params![GROUP]).await;
                mapalus_app::groups::rules::short(id.parse().unwrap())
            },
            way: demo.app.key.sign("unsubscribe", &format!("{person}.groups")),
            person,
            mail: value(db, "select min(id) from mails", &[]).await,
            draft: value(db, "select min(id) from group_drafts", &[]).await,
            application,
            links,
        }
    }
}
