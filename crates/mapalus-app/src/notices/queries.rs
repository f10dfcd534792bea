//! All SQL on notices and mails.

mapalus_db::statements! {
    /// Stores a notice.
    TELL = "
        insert into notices (id, person_id, key, arguments, path, about, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Stores a mail that is due at an instant.
    MAIL = "
        insert into mails (id, person_id, address, name, call_name, lang, zone, kind, thing, key, arguments, path, about,
            secret_purpose, secret_link, state, tries, next_at, made_at, problem)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'due', 0, $16, $17, '')";
    /// When the next mail of a kind about a thing may go out: together with one that waits, or so many milliseconds
    /// after the last one that went out.
    MAIL_AFTER = "
        select max(
            case
                when state = 'due' and tries = 0 then next_at
                when state = 'due' then made_at + $5
                else next_at + $5
            end
        )
        from mails
        where person_id = $1 and kind = $2 and thing = $3 and state in ('due', 'sent', 'kept') and made_at > $4";
    /// Whether a person does not want a kind as mail.
    IS_STOPPED = "select count(*) from mail_stops where person_id = $1 and kind = $2";
    /// The kinds that a person does not want as mail.
    STOPS = "select kind from mail_stops where person_id = $1 order by kind";
    /// A kind is no longer mailed.
    STOP = "
        insert into mail_stops (person_id, kind, made_at) values ($1, $2, $3)
        on conflict (person_id, kind) do nothing";
    /// A kind is mailed again.
    START = "delete from mail_stops where person_id = $1 and kind = $2";
    /// Forgets what was about to be mailed of a kind.
    DROP_DUE = "delete from mails where person_id = $1 and kind = $2 and state = 'due'";
    /// Forgets which kinds a person did not want.
    FORGET_STOPS = "delete from mail_stops where person_id = $1";
    /// Forgets the notices to a person and those that speak of them.
    FORGET_NOTICES = "delete from notices where person_id = $1 or about = $1";
    /// Forgets the mails to a person and those that speak of them.
    FORGET_MAILS = "delete from mails where person_id = $1 or about = $1";
    /// Forgets mails that went out, were kept or given up a while ago.
    FORGET_SENT = "delete from mails where state <> 'due' and made_at <= $1";
    /// Forgets mails to addresses without an account.
    FORGET_UNKNOWN = "delete from mails where person_id is null and made_at <= $1";
    /// How many notices a person has not read.
    UNREAD = "select count(*) from notices where person_id = $1 and read_at is null";
    /// A page of a person's notices, newest first.
    NOTICES = "
        select id, key, arguments, path, about, made_at, read_at from notices
        where person_id = $1 and id < $2
        order by id desc
        limit $3";
    /// Marks a person's notices up to an instant as read.
    READ = "
        update notices set read_at = $2
        where person_id = $1 and made_at <= $2 and read_at is null";
    /// Mails that are due.
    DUE = "
        select id, person_id, address, name, call_name, lang, zone, kind, thing, bundle, key, arguments, path,
            secret_purpose, secret_link, made_at, tries
        from mails
        where state = 'due' and next_at <= $1
        order by next_at, id
        limit 20";
    /// Puts what is due of one kind, about one thing, to one address into the bundle of its first mail.
    BUNDLE = "
        update mails set bundle = $1
        where (id = $1 or (person_id = $2 and kind = $3 and thing = $4 and address = $5 and lang = $6))
            and state = 'due' and next_at <= $7 and bundle is null";
    /// What a bundle is about to say: 1,000 mails at most.
    BUNDLED = "
        select id, key, path from mails
        where bundle = $1 and state = 'due'
        order by id
        limit 1000";
    /// Forgets mails that say what is so no longer.
    DROP_MAILS = "delete from mails where state = 'due' and id in ($in)";
    /// Claims a bundle that is due: nobody else takes it until the instant.
    CLAIM = "
        update mails set next_at = $2, tries = tries + 1
        where bundle = $1 and state = 'due' and next_at <= $3";
    /// The mails of a bundle that are to go out, oldest first.
    CLAIMED = "
        select id, person_id, address, name, call_name, lang, zone, kind, thing, bundle, key, arguments, path,
            secret_purpose, secret_link, made_at, tries
        from mails
        where bundle = $1 and state = 'due'
        order by id
        limit 21";
    /// Notes what became of a bundle.
    SETTLE = "update mails set state = $2, next_at = $3, problem = $4 where bundle = $1 and state = 'due'";
    /// When the next mail is due.
    NEXT_MAIL = "select min(next_at) from mails where state = 'due'";
    /// The newest mails that are kept or about to be now, where there is no mail server; of a bundle the first. What
    /// waits to go out together with others is not there yet.
    KEPT = "
        select id, person_id, address, name, call_name, lang, zone, kind, thing, bundle, key, arguments, path,
            secret_purpose, secret_link, made_at, tries
        from mails
        where (state = 'kept' or (state = 'due' and (next_at <= $1 or tries > 0))) and (
            bundle is null or id = (select min(first.id) from mails as first where first.bundle = mails.bundle)
        )
        order by id desc
        limit 100";
    /// A mail that is kept or about to be, with those of its bundle, oldest first.
    KEPT_ONE = "
        select id, person_id, address, name, call_name, lang, zone, kind, thing, bundle, key, arguments, path,
            secret_purpose, secret_link, made_at, tries
        from mails
        where (id = $1 or bundle = (select head.bundle from mails as head where head.id = $1))
            and state in ('kept', 'due')
        order by id
        limit 21";
}
