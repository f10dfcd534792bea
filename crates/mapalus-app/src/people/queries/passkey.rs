//! All SQL on passkeys and their challenges.

mapalus_db::statements! {
    /// The passkeys of a person, the oldest first.
    PASSKEYS = "
        select id, person_id, credential_id, handle, name, synced, made_at, used_at
        from passkeys
        where person_id = $1
        order by made_at, id";
    /// A passkey of a person.
    PASSKEY = "
        select id, person_id, credential_id, handle, name, synced, made_at, used_at
        from passkeys
        where id = $1 and person_id = $2";
    /// A passkey by what the device tells of it, with the state of its person's account.
    SHOWN_PASSKEY = "
        select passkeys.id, person_id, credential, passkeys.version, persons.state, persons.mail_folded
        from passkeys
        join persons on persons.id = passkeys.person_id
        where credential_id = $1 and handle = $2";
    /// The places that passkeys of a person hold.
    PASSKEY_PLACES = "select place from passkeys where person_id = $1 order by place";
    /// Takes an account, so that its ways in change by one write after the other.
    HOLD_WAYS = "update persons set version = version where id = $1";
    /// Adds a passkey, unless there is one of this kind already.
    ADD_PASSKEY = "
        insert into passkeys (id, person_id, place, credential_id, handle, name, credential, synced, made_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
        on conflict (credential_id) do nothing";
    /// Keeps what a passkey told when it was used, if it stands as it was read.
    USE_PASSKEY = "
        update passkeys set credential = $3, synced = $4, used_at = $5, version = version + 1
        where id = $1 and version = $2";
    /// Renames a passkey of a person.
    RENAME_PASSKEY = "update passkeys set name = $3, version = version + 1 where id = $1 and person_id = $2";
    /// Removes a passkey of a person.
    REMOVE_PASSKEY = "delete from passkeys where id = $1 and person_id = $2";
    /// Removes the passkeys of a person.
    FORGET_PASSKEYS = "delete from passkeys where person_id = $1";
    /// Removes the passkeys of accounts that nobody confirmed in time.
    FORGET_STALE_PASSKEYS = "
        delete from passkeys
        where person_id in (select id from persons where state = 'new' and made_at <= $1)";
    /// How many passkeys a person has.
    COUNT_PASSKEYS = "select count(*) from passkeys where person_id = $1";
    /// Keeps a challenge.
    ADD_CEREMONY = "
        insert into ceremonies (id, purpose, browser_digest, person_id, state, detail, made_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// A challenge of a browser that is not over.
    CEREMONY = "
        select id, person_id, state, detail from ceremonies
        where id = $1 and purpose = $2 and browser_digest = $3 and ends_at > $4";
    /// The newest challenge of a browser for this purpose.
    NEWEST_CEREMONY = "
        select id, person_id, state, detail from ceremonies
        where browser_digest = $1 and purpose = $2 and ends_at > $3
        order by made_at desc, id desc
        limit 1";
    /// Takes a challenge: nobody takes it once more.
    TAKE_CEREMONY = "delete from ceremonies where id = $1";
    /// Forgets challenges whose time is over.
    FORGET_CEREMONIES = "delete from ceremonies where ends_at <= $1";
    /// Forgets the challenges of a person.
    FORGET_CEREMONIES_OF = "delete from ceremonies where person_id = $1";
    /// A session has shown a passkey or a code of the second step.
    KEY_SESSION = "update sessions set keyed = true where id = $1";
    /// Ends the session of this browser that waits for a code.
    END_PENDING = "delete from sessions where token_digest = $1 and waits <> 'nothing'";
}
