//! All SQL on minors and who answers for them.

mapalus_db::statements! {
    /// The guardianship of a minor.
    GUARDIANSHIP = "
        select ward_id, persons.name, persons.mail as ward_mail, guardianships.mail, guardian_id, guardianships.state,
            asked_at, guardianships.consent_version, guardianships.consent_at, withdrawn_at,
            persons.consent_version as own_version, persons.consent_at as own_at, birth_year, closing_at
        from guardianships
        join persons on persons.id = ward_id
        where ward_id = $1";
    /// The wards of a guardian, also those whose account is being closed.
    WARDS = "
        select ward_id, persons.name, persons.mail as ward_mail, guardianships.mail, guardian_id, guardianships.state,
            asked_at, guardianships.consent_version, guardianships.consent_at, withdrawn_at,
            persons.consent_version as own_version, persons.consent_at as own_at, birth_year, closing_at
        from guardianships
        join persons on persons.id = ward_id
        where guardian_id = $1 and guardianships.state in ('given', 'withdrawn')
        order by persons.name, ward_id
        limit 50";
    /// A minor whose account is there, with who answers for them; none for an adult.
    YOUNG = "
        select persons.id, birth_year, guardian_id from persons
        left join guardianships on guardianships.ward_id = persons.id and guardianships.state = 'given'
        where persons.id = $1 and birth_year is not null";
    /// Notes of a new account that it is a minor's.
    MARK_MINOR = "update persons set age_band = 'teen', birth_year = $2 where id = $1";
    /// Notes whom a minor names as guardian; who was named before counts no longer.
    NAME_GUARDIAN = "
        insert into guardianships (ward_id, mail, state, asked_at) values ($1, $2, 'asked', $3)
        on conflict (ward_id) do update set mail = excluded.mail, state = 'asked', asked_at = excluded.asked_at
        where guardianships.state in ('asked', 'declined')";
    /// An account that signed up anew as an adult's has no guardian.
    DROP_GUARDIAN = "delete from guardianships where ward_id = $1";
    /// The guardian consents, if nobody has answered.
    GIVE_CONSENT = "
        update guardianships
        set state = 'given', guardian_id = $2, mail = '', consent_version = $3, consent_at = $4
        where ward_id = $1 and state = 'asked'";
    /// Opens an account that waited for that.
    OPEN_WAITING = "
        update persons set state = 'confirmed', version = version + 1
        where id = $1 and state = 'waiting'";
    /// A guardian agrees to a newer privacy notice for their wards.
    AGREE_FOR_WARDS = "
        update guardianships set consent_version = $2, consent_at = $3
        where guardian_id = $1 and state = 'given' and consent_version < $2";
    /// The one who was asked does not consent.
    DECLINE_CONSENT = "update guardianships set state = 'declined' where ward_id = $1 and state = 'asked'";
    /// The guardian withdraws their consent.
    WITHDRAW_CONSENT = "
        update guardianships set state = 'withdrawn', withdrawn_at = $3
        where ward_id = $1 and guardian_id = $2 and state = 'given'";
    /// The guardian gives it again.
    RESTORE_CONSENT = "
        update guardianships
        set state = 'given', withdrawn_at = null, consent_version = $3, consent_at = $4
        where ward_id = $1 and guardian_id = $2 and state = 'withdrawn'";
    /// Accounts to which nobody consented in time begin to close, without time to return.
    CLOSE_UNANSWERED = "
        update persons set state = 'closing', closing_at = $2, version = version + 1
        where state = 'waiting' and id in (
            select ward_id from guardianships where state in ('asked', 'declined') and asked_at <= $1
        )";
    /// Minors who are of age now, with who answered for them: 100 at most.
    OF_AGE = "
        select persons.id, guardian_id from persons
        join guardianships on guardianships.ward_id = persons.id
        where birth_year is not null and birth_year <= $1 and persons.state = 'confirmed'
            and guardianships.state = 'given'
        order by persons.id
        limit 100";
    /// A minor is of age: no year of birth is kept.
    COME_OF_AGE = "
        update persons set age_band = 'adult', birth_year = null, version = version + 1
        where id = $1 and birth_year is not null";
    /// Whoever is of age is connected with no minor any more.
    END_WITH_MINORS = "
        update connections set state = 'ended', word = '', answered_at = $2
        where (low_id = $1 or high_id = $1) and state <> 'ended'
            and case when low_id = $1 then high_id else low_id end in (
                select id from persons where birth_year is not null
            )";
    /// Forgets who answered for a person, and for whom they did.
    FORGET_GUARDIANSHIPS_OF = "delete from guardianships where ward_id = $1 or guardian_id = $1";
}
