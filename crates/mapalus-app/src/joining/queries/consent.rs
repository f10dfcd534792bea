//! All SQL on what guardians say of the joining of their wards.

mapalus_db::statements! {
    /// What a guardian was asked of an application.
    CONSENT = "
        select application_id, guardian_id, step_id, state, asked_at from consents where application_id = $1";
    /// Asks a guardian, or asks them anew after a no.
    ASK_CONSENT = "
        insert into consents (application_id, guardian_id, step_id, state, asked_at) values ($1, $2, $3, 'asked', $4)
        on conflict (application_id) do update set
            guardian_id = excluded.guardian_id, step_id = excluded.step_id, state = 'asked',
            asked_at = case when consents.state = 'asked' then consents.asked_at else excluded.asked_at end,
            answered_at = null
        where consents.state <> 'given' or consents.guardian_id <> excluded.guardian_id";
    /// The guardian answers, if they are asked.
    ANSWER_CONSENT = "
        update consents set state = $2, answered_at = $3
        where application_id = $1 and guardian_id = $4 and state = 'asked'";
    /// Nobody is asked of an application any more.
    END_CONSENT = "delete from consents where application_id = $1";
    /// The applications of the wards of a guardian: first those that wait for them, of each the newest. Of drafts
    /// those alone of which the guardian was asked.
    OF_WARDS = "
        select applications.id, applications.person_id, groups.name as group_name, groups.slug, groups.lang,
            groups.summary, case when groups.hidden_at is null then groups.visibility else 'private' end as visibility,
            memberships.state as membership, applications.state, applications.made_at, consents.state as consent,
            consents.asked_at, consents.answered_at
        from guardianships
        join applications on applications.person_id = guardianships.ward_id
        join groups on groups.id = applications.group_id
        left join consents on consents.application_id = applications.id
        left join memberships on memberships.group_id = applications.group_id
            and memberships.person_id = applications.person_id
        where guardianships.guardian_id = $1 and guardianships.state = 'given'
            and (applications.state <> 'draft' or consents.state is not null)
        order by case when applications.state = 'draft' and consents.state = 'asked' then 0 else 1 end,
            applications.made_at desc, applications.id desc
        limit 100";
    /// What a guardian was asked, as their own data.
    CONSENTS_OF = "
        select groups.name, consents.state, consents.asked_at from consents
        join applications on applications.id = application_id
        join groups on groups.id = applications.group_id
        where guardian_id = $1
        order by consents.asked_at, application_id
        limit 1000";
    /// Forgets what guardians said of a person, and what a person said as a guardian.
    FORGET_CONSENTS_OF = "
        delete from consents
        where guardian_id = $1 or application_id in (select id from applications where person_id = $1)";
}
