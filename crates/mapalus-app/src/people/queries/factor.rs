//! All SQL on second steps: apps that give codes, and recovery codes.

mapalus_db::statements! {
    /// The app of a person.
    TOTP = "select seed, last_step, made_at, used_at from totps where person_id = $1";
    /// Whether a person has an app.
    HAS_APP = "select count(*) from totps where person_id = $1";
    /// Sets the app of a person, in the place of an earlier one.
    SET_TOTP = "
        insert into totps (person_id, seed, last_step, made_at) values ($1, $2, $3, $4)
        on conflict (person_id) do update set
            seed = excluded.seed, last_step = excluded.last_step, made_at = excluded.made_at, used_at = null";
    /// Takes a code of the app: one of an interval after the last one, and of the app that was looked at.
    TAKE_STEP = "
        update totps set last_step = $3, used_at = $4
        where person_id = $1 and seed = $2 and last_step < $3";
    /// Removes the app of a person.
    DROP_TOTP = "delete from totps where person_id = $1";
    /// Adds ten recovery codes that were made together.
    ADD_RECOVERY = "
        insert into recovery_codes (person_id, set_id, digest)
        values ($1, $2, $3), ($1, $2, $4), ($1, $2, $5), ($1, $2, $6), ($1, $2, $7),
            ($1, $2, $8), ($1, $2, $9), ($1, $2, $10), ($1, $2, $11), ($1, $2, $12)";
    /// How many recovery codes are left.
    COUNT_RECOVERY = "select count(*) from recovery_codes where person_id = $1";
    /// Whether recovery codes of these that were made together are left.
    HAS_RECOVERY_SET = "select count(*) from recovery_codes where person_id = $1 and set_id = $2";
    /// Uses up a recovery code.
    USE_RECOVERY = "delete from recovery_codes where person_id = $1 and digest = $2";
    /// Removes the recovery codes of a person.
    DROP_RECOVERY = "delete from recovery_codes where person_id = $1";
}
