//! All SQL on files as answers.

mapalus_db::statements! {
    /// The files of an application.
    FILES = "
        select id, application_id, name, kind, size, digest, made_at from files
        where application_id = $1
        order by made_at, id";
    /// One of them.
    FILE = "
        select id, application_id, name, kind, size, digest, made_at from files
        where id = $1 and application_id = $2";
    /// All files of a person.
    FILES_OF = "
        select files.id, application_id, files.name, kind, size, digest, files.made_at from files
        join applications on applications.id = application_id
        where applications.person_id = $1
        order by files.made_at, files.id
        limit 1000";
    /// How many files a person has sent since then, of all that are still there.
    FILES_SINCE = "
        select count(*) from files
        join applications on applications.id = application_id
        where applications.person_id = $1 and files.made_at > $2";
    /// How many answers name a file.
    NAMED_BY = "select count(*) from answers where application_id = $1 and value like '%' || $2 || '%'";
    /// Begins a file; no answer names it yet.
    ADD_FILE = "
        insert into files (id, application_id, name, kind, size, digest, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Stores a part of its bytes.
    ADD_FILE_PART = "insert into file_parts (file_id, place, bytes) values ($1, $2, $3)";
    /// A part of its bytes.
    FILE_PART = "select bytes from file_parts where file_id = $1 and place = $2";
    /// Deletes its bytes.
    DROP_FILE_PARTS = "delete from file_parts where file_id = $1";
    /// Deletes the file.
    DROP_FILE = "delete from files where id = $1";
    /// Files from before then that no answer names, 200 at most.
    LOOSE_FILES = "
        select id, application_id from files
        where made_at <= $1 and not exists (
            select 1 from answers
            where answers.application_id = files.application_id and answers.value like '%' || files.id || '%'
        )
        order by id
        limit 200";
}
