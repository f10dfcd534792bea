//! All SQL on notices and mails.

mapalus_db::statements! {
    /// Stores a notice.
    TELL = "
        insert into notices (id, person_id, key, arguments, path, about, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Stores a mail that is due.
    MAIL = "
        insert into mails (id, person_id, address, name, call_name, lang, zone, key, arguments, path, about,
            secret_purpose, secret_link, state, tries, next_at, made_at, problem)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'due', 0, $14, $14, '')";
    /// Forgets the notices to a person and those that speak of them.
    FORGET_NOTICES = "delete from notices where person_id = $1 or about = $1";
    /// Forgets the mails to a person and those that speak of them.
    FORGET_MAILS = "delete from mails where person_id = $1 or about = $1";
    /// Forgets mails that went out, were kept or given up a while ago.
    FORGET_SENT = "delete from mails where state <> 'due' and made_at <= $1";
    /// How many notices a person has not read.
    UNREAD = "select count(*) from notices where person_id = $1 and read_at is null";
    /// A page of a person's notices, newest first.
    NOTICES = "
        select id, key, arguments, path, made_at, read_at from notices
        where person_id = $1 and id < $2
        order by id desc
        limit $3";
    /// Marks a person's notices up to an instant as read.
    READ = "
        update notices set read_at = $2
        where person_id = $1 and made_at <= $2 and read_at is null";
    /// Mails that are due.
    DUE = "
        select id, address, name, call_name, lang, zone, key, arguments, path, secret_purpose, secret_link,
            made_at, tries
        from mails
        where state = 'due' and next_at <= $1
        order by next_at, id
        limit 20";
    /// Claims a mail that is due: nobody else takes it until the instant.
    CLAIM = "
        update mails set next_at = $2, tries = tries + 1
        where id = $1 and state = 'due' and tries = $3";
    /// Notes what became of a mail.
    SETTLE = "update mails set state = $2, next_at = $3, problem = $4 where id = $1";
    /// When the next mail is due.
    NEXT_MAIL = "select min(next_at) from mails where state = 'due'";
    /// The newest mails that are kept or about to be, where there is no mail server.
    KEPT = "
        select id, address, name, call_name, lang, zone, key, arguments, path, secret_purpose, secret_link,
            made_at, tries
        from mails
        where state in ('kept', 'due')
        order by id desc
        limit 100";
    /// One mail that is kept or about to be.
    KEPT_ONE = "
        select id, address, name, call_name, lang, zone, key, arguments, path, secret_purpose, secret_link,
            made_at, tries
        from mails
        where id = $1 and state in ('kept', 'due')";
}
