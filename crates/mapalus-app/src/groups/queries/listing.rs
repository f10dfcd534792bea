//! SQL on the public groups as other sites and programs list them.

mapalus_db::statements! {
    /// The first group of each sheet of ten thousand public groups.
    SHEETS = "
        select numbered.id from (
            select id, row_number() over (order by id) as number from groups
            where visibility = 'public' and hidden_at is null
        ) as numbered
        where numbered.number % 10000 = 1
        order by numbered.id
        limit 5000";
    /// The addresses of public groups from one on.
    SHEET = "
        select slug from groups
        where visibility = 'public' and hidden_at is null and id >= $1
        order by id
        limit 10000";
    /// The newest public groups of an area and an occupation, opened since the one of this id could be made. Those
    /// below the occupation count, and those that are for all of a wider one.
    FRESH = "
        select id, slug, kind, name, summary, lang, area, made_at from groups
        where visibility = 'public' and hidden_at is null and id > $1
            and (
                area like $2
                or exists (
                    select 1 from group_topics
                    where group_id = groups.id and topic = 'district' and code like $2
                )
            )
            and (
                $3 = ''
                or exists (
                    select 1 from group_topics
                    where group_id = groups.id and topic = 'occupation'
                        and (code like $4 or $3 like code || '%')
                )
            )
        order by id desc
        limit 50";
    /// The groups whose id lies between these two: of one millisecond.
    BETWEEN = "select id, slug from groups where id >= $1 and id <= $2 order by id limit 1000";
}
