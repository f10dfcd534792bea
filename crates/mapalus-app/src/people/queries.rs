//! All SQL on persons, sessions, tokens, links and tries.

pub mod connection;
pub mod factor;
pub mod guardian;
pub mod passkey;

use super::model::{Link, Secret, Tries};
use mapalus_core::{LinkId, Millis};
use mapalus_db::{DbError, Tx, params};

mapalus_db::statements! {
    /// Who uses a session that has not ended.
    SESSION = "
        select sessions.id, person_id, name, call_name, lang, area, operator, persons.made_at, proved_until, seen_at,
            birth_year, persons.state = 'waiting' as waiting, consent_version,
            exists (select 1 from totps where totps.person_id = persons.id)
                or (keyed and exists (select 1 from passkeys where passkeys.person_id = persons.id)) as factor
        from sessions
        join persons on persons.id = sessions.person_id
        where token_digest = $1 and ends_at > $2 and waits = 'nothing' and persons.state in ('confirmed', 'waiting')";
    /// A session that waits for a code.
    PENDING_SESSION = "
        select id, person_id, waits,
            exists (select 1 from totps where totps.person_id = sessions.person_id) as app,
            exists (select 1 from passkeys where passkeys.person_id = sessions.person_id) as passkey
        from sessions
        where token_digest = $1 and ends_at > $2 and waits <> 'nothing'";
    /// Open sessions of a person, the one seen last first.
    SESSIONS = "
        select id, agent, made_at, seen_at, ends_at from sessions
        where person_id = $1 and ends_at > $2 and waits = 'nothing'
        order by seen_at desc, made_at desc, id desc
        limit 50";
    /// Begins a session.
    BEGIN_SESSION = "
        insert into sessions (id, person_id, token_digest, agent, waits, made_at, ends_at, proved_until, seen_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $6)";
    /// A session that waited for one code waits for another.
    HOLD_SESSION = "update sessions set waits = $2, ends_at = $3 where id = $1 and waits <> 'nothing'";
    /// A session that waited counts from now on.
    OPEN_SESSION = "
        update sessions set waits = 'nothing', made_at = $2, ends_at = $3, proved_until = $4, seen_at = $2
        where id = $1 and waits <> 'nothing'";
    /// Notes until when a session needs no proof anew.
    PROVE_SESSION = "update sessions set proved_until = $2 where id = $1";
    /// Notes that a session is used, if that was not noted since.
    NOTE_SESSION = "update sessions set seen_at = $2 where id = $1 and seen_at <= $3";
    /// Ends all sessions of a person but one.
    END_OTHER_SESSIONS = "delete from sessions where person_id = $1 and id <> $2";
    /// Whether a browser of a person was confirmed before.
    KNOWN_BROWSER = "select count(*) from browsers where person_id = $1 and token_digest = $2";
    /// Remembers a browser of a person.
    REMEMBER_BROWSER = "
        insert into browsers (person_id, token_digest, made_at) values ($1, $2, $3)
        on conflict (person_id, token_digest) do nothing";
    /// Forgets the browsers of a person.
    FORGET_BROWSERS = "delete from browsers where person_id = $1";
    /// Ends a session of a person.
    END_SESSION = "delete from sessions where id = $1 and person_id = $2";
    /// Ends all sessions of a person.
    END_SESSIONS = "delete from sessions where person_id = $1";
    /// Forgets sessions that are over.
    FORGET_SESSIONS = "delete from sessions where ends_at <= $1";
    /// Whose token it is, of a person who is there.
    HOLDER = "
        select tokens.id, person_id, tokens.scopes, tokens.ends_at, tokens.used_at, tokens.ended_at,
            persons.name, call_name, lang, area, birth_year, consent_version,
            exists (select 1 from totps where totps.person_id = persons.id)
                or exists (select 1 from passkeys where passkeys.person_id = persons.id) as factor
        from tokens
        join persons on persons.id = tokens.person_id
        where secret_digest = $1 and persons.state = 'confirmed'";
    /// Tokens of a person that were not ended, newest first; those that are over for a time, too.
    TOKENS = "
        select id, name, scopes, made_at, ends_at, used_at from tokens
        where person_id = $1 and ended_at is null
        order by made_at desc, id desc
        limit 200";
    /// A token of a person that was not ended.
    TOKEN = "
        select id, name, scopes, made_at, ends_at, used_at from tokens
        where person_id = $1 and id = $2 and ended_at is null";
    /// The places that tokens of a person hold.
    TOKEN_PLACES = "select place from tokens where person_id = $1 and place is not null order by place";
    /// Tokens of a person that are over give up their places.
    FREE_PLACES = "update tokens set place = null where person_id = $1 and ends_at <= $2";
    /// Makes a token, if its place is free.
    MAKE_TOKEN = "
        insert into tokens (id, person_id, place, name, secret_digest, scopes, made_at, ends_at, remind_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (person_id, place) do nothing";
    /// Ends a token of a person.
    END_TOKEN = "
        update tokens set ended_at = $3, place = null
        where id = $1 and person_id = $2 and ended_at is null";
    /// Ends all tokens of a person.
    END_TOKENS_OF = "update tokens set ended_at = $2, place = null where person_id = $1 and ended_at is null";
    /// Notes that a token was used, if that was not noted since.
    NOTE_USE = "update tokens set used_at = $2 where id = $1 and (used_at is null or used_at <= $3)";
    /// When the next reminder of a token is due.
    NEXT_TOKEN_ALARM = "
        select min(remind_at) from tokens where ended_at is null and remind_at is not null";
    /// Tokens of whose end it is time to remind.
    TOKEN_ALARMS = "
        select id, person_id, ends_at, remind_at from tokens
        where ended_at is null and remind_at <= $1
        order by remind_at, id
        limit 20";
    /// Notes that a token needs no reminder any more, if nobody has.
    END_TOKEN_ALARM = "update tokens set remind_at = null where id = $1 and remind_at = $2";
    /// Forgets the tokens of a person.
    FORGET_TOKENS_OF = "delete from tokens where person_id = $1";
    /// Forgets tokens that ended or were over before.
    FORGET_TOKENS = "delete from tokens where ended_at <= $1 or ends_at <= $1";
    /// Whether a person was not erased.
    IS_THERE = "select count(*) from persons where id = $1 and state <> 'gone'";
    /// How people are reached.
    CONTACTS = "
        select id, name, call_name, mail, lang, area from persons
        where state = 'confirmed' and id in ($in)";
    /// The skills of these people, and to whom they show what.
    SKILLS_OF = "select id, skills, shown from persons where skills <> '' and state = 'confirmed' and id in ($in)";
    /// Those of these people whose account is being closed.
    AWAY = "select id from persons where state = 'closing' and id in ($in)";
    /// An account.
    ACCOUNT = "
        select id, name, call_name, mail, state, lang, made_at, consent_version, consent_at from persons
        where id = $1";
    /// Notes that a person agrees to a newer privacy notice.
    AGREE = "update persons set consent_version = $2, consent_at = $3 where id = $1 and consent_version < $2";
    /// Accounts that are not confirmed, oldest first.
    WAITING_ACCOUNTS = "
        select id, name, call_name, mail, state, lang, made_at, consent_version, consent_at from persons
        where state = 'new'
        order by made_at, id
        limit 100";
    /// The operator of the instance, the first if there are several, with the language of the account.
    OPERATOR = "
        select id, lang from persons
        where operator and state = 'confirmed'
        order by made_at, id
        limit 1";
    /// Since when a person operates the instance.
    OPERATES_SINCE = "select made_at from persons where id = $1 and operator";
    /// How many operators there are.
    COUNT_OPERATORS = "select count(*) from persons where operator";
    /// Forgets the links of accounts that nobody confirmed in time.
    FORGET_LINKS_OF_STALE = "
        delete from links
        where person_id in (select id from persons where state = 'new' and made_at <= $1)";
    /// Forgets whom accounts named as guardians that nobody confirmed in time.
    FORGET_GUARDIANS_OF_STALE = "
        delete from guardianships
        where ward_id in (select id from persons where state = 'new' and made_at <= $1)";
    /// Forgets accounts that nobody confirmed in time.
    FORGET_STALE = "delete from persons where state = 'new' and made_at <= $1";
    /// An account that is not confirmed takes what is signed up with now.
    SIGN_UP_AGAIN = "
        update persons
        set name = $2, call_name = $3, password_hash = $4, lang = $5, consent_version = $6, consent_at = $7,
            version = version + 1
        where id = $1 and state = 'new'";
    /// How many accounts there are.
    COUNT_ACCOUNTS = "select count(*) from persons";
    /// What signing in checks.
    SECRET_BY_MAIL = "
        select id, password_hash, state from persons
        where mail_folded = $1";
    /// Confirmed accounts by folded address.
    BY_MAILS = "
        select mail_folded, id from persons
        where state = 'confirmed' and mail_folded in ($in)";
    /// What a signed-in person's password is checked against.
    SECRET_OF = "select id, password_hash, state from persons where id = $1";
    /// Makes an account.
    MAKE_ACCOUNT = "
        insert into persons (id, name, call_name, mail, mail_folded, password_hash, age_band, lang,
            workplace, languages, causes, skills, about, shown,
            operator, state, consent_version, consent_at, made_at, version)
        values ($1, $2, $3, $4, $5, $6, 'adult', $7, '', '', '', '', '', '', $8, $9, $10, $11, $11, 1)
        on conflict (mail_folded) do nothing";
    /// Confirms the address of an account: a minor's waits for the guardian then.
    CONFIRM_ACCOUNT = "
        update persons
        set state = case when birth_year is null then 'confirmed' else 'waiting' end, version = version + 1
        where id = $1 and state = 'new'";
    /// Sets a new password.
    SET_PASSWORD = "
        update persons set password_hash = $2, version = version + 1
        where id = $1";
    /// Sets the language of an account.
    SET_LANGUAGE = "
        update persons set lang = $2, version = version + 1
        where id = $1";
    /// The profile of a person who is there.
    PROFILE = "
        select persons.id, name, call_name, area, occupation, workplace, languages, causes, skills, about, shown,
            photos.digest as photo, version
        from persons
        left join photos on photos.person_id = persons.id
        where persons.id = $1 and state = 'confirmed'";
    /// The profiles of these people.
    PROFILES = "
        select persons.id, name, call_name, area, occupation, workplace, languages, causes, skills, about, shown,
            photos.digest as photo, version
        from persons
        left join photos on photos.person_id = persons.id
        where state = 'confirmed' and persons.id in ($in)";
    /// Where a person works.
    WORKPLACE = "select workplace from persons where id = $1";
    /// Stores a profile that stands as it was read.
    SET_PROFILE = "
        update persons
        set name = $2, call_name = $3, area = $4, occupation = $5, workplace = $6, languages = $7, skills = $8,
            about = $9, shown = $10, causes = $12, version = version + 1
        where id = $1 and version = $11";
    /// Stores a photo.
    SET_PHOTO = "
        insert into photos (person_id, jpeg, digest) values ($1, $2, $3)
        on conflict (person_id) do update set jpeg = excluded.jpeg, digest = excluded.digest";
    /// Removes a photo.
    DROP_PHOTO = "delete from photos where person_id = $1";
    /// A photo.
    PHOTO = "select jpeg from photos where person_id = $1";
    /// Sets a new mail address, unless somebody has it.
    SET_MAIL = "
        update persons set mail = $2, mail_folded = $3, version = version + 1
        where id = $1 and not exists (select 1 from persons as other where other.mail_folded = $3 and other.id <> $1)";
    /// Begins to close an account.
    CLOSE = "
        update persons set state = 'closing', closing_at = $2, version = version + 1
        where id = $1 and state = 'confirmed'";
    /// Holds an account until the transaction ends: in this state, if one is named.
    HOLD = "
        update persons set version = version
        where id = $1 and (cast($2 as text) is null or state = $2)";
    /// Takes the closing of an account back; a minor's without the consent of a guardian waits. Never that of a minor
    /// whose guardian withdrew it.
    RETURN = "
        update persons
        set state = case
                when birth_year is null or exists (
                    select 1 from guardianships where ward_id = $1 and guardianships.state = 'given'
                ) then 'confirmed'
                else 'waiting'
            end, closing_at = null, version = version + 1
        where id = $1 and state = 'closing' and not exists (
            select 1 from guardianships where ward_id = $1 and guardianships.state = 'withdrawn'
        )";
    /// Accounts whose time to return is over.
    OVERDUE = "
        select id from persons
        where state = 'closing' and closing_at <= $1
        order by closing_at, id
        limit 20";
    /// Erases a person: what remains is the id.
    ERASE = "
        update persons
        set name = '', call_name = '', mail = '', mail_folded = id, password_hash = '', area = null,
            occupation = null, workplace = '', languages = '', causes = '', skills = '', about = '', shown = '',
            operator = false, birth_year = null, state = 'gone', version = version + 1
        where id = $1 and state = 'closing'";
    /// Forgets the links of a person.
    FORGET_LINKS = "delete from links where person_id = $1";
    /// Makes a link.
    MAKE_LINK = "
        insert into links (id, purpose, person_id, made_at, ends_at, detail, tries)
        values ($1, $2, $3, $4, $5, $6, 0)";
    /// A link.
    LINK = "
        select id, purpose, person_id, ends_at, used_at, detail, tries from links
        where id = $1";
    /// Uses a link that is unused.
    USE_LINK = "update links set used_at = $2 where id = $1 and used_at is null";
    /// The code that was mailed for a session.
    CODE_LINK = "
        select id, purpose, person_id, ends_at, used_at, detail, tries from links
        where purpose = 'code' and detail = $1 and ends_at > $2
        order by made_at desc, id desc
        limit 1";
    /// Forgets codes whose time is over.
    FORGET_CODES = "delete from links where purpose = 'code' and ends_at <= $1";
    /// Counts one more try of a code, if that is not too many.
    COUNT_CODE = "update links set tries = tries + 1 where id = $1 and tries < $2 and used_at is null";
    /// Makes earlier links of a person and purpose useless.
    SPEND_LINKS = "
        update links set used_at = $3
        where person_id = $1 and purpose = $2 and used_at is null";
    /// Makes earlier links for the first account useless.
    SPEND_SETUP_LINKS = "update links set used_at = $1 where purpose = 'setup' and used_at is null";
    /// Failed tries under a subject.
    TRIES = "select count, since from tries where subject = $1";
    /// Counts one more try, if that is not too many; begins anew when the window is over.
    COUNT_TRY = "
        insert into tries (subject, count, since) values ($1, 1, $2)
        on conflict (subject) do update set
            count = case when tries.since <= $3 then 1 else tries.count + 1 end,
            since = case when tries.since <= $3 then excluded.since else tries.since end
        where tries.count < $4 or tries.since <= $3";
    /// Forgets tries under a subject.
    FORGET_TRIES_OF = "delete from tries where subject = $1";
    /// Forgets tries whose window is over.
    FORGET_TRIES = "delete from tries where since <= $1";
}

/// A link by its id.
pub(super) fn link(tx: &mut Tx<'_>, id: LinkId) -> Result<Option<Link>, DbError> {
    tx.optional(&LINK, &params![id])
}

/// What signing in checks, by folded address.
pub(super) fn secret(tx: &mut Tx<'_>, mail_folded: &str) -> Result<Option<Secret>, DbError> {
    tx.optional(&SECRET_BY_MAIL, &params![mail_folded])
}

/// Tries under a subject.
pub(super) fn tries(tx: &mut Tx<'_>, subject: &str) -> Result<Tries, DbError> {
    Ok(tx.optional(&TRIES, &params![subject])?.unwrap_or_default())
}

/// Counts one more try under a subject; `false` if that would be too many.
pub(super) fn count_try(tx: &mut Tx<'_>, subject: &str, most: i64, now: Millis) -> Result<bool, DbError> {
    let window = now.plus(-super::rules::TRIES_MILLIS);
    Ok(tx.execute(&COUNT_TRY, &params![subject, now, window, most])? == 1)
}
