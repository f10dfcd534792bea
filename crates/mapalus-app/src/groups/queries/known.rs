//! All SQL on the people one knows in groups.

mapalus_db::statements! {
    /// The people whom somebody knows in these groups, as far as each of them lets that be known.
    KNOWN_IN = "
        select memberships.group_id, persons.id as person_id, persons.name
        from connections
        join persons on persons.id = case when connections.low_id = $1 then connections.high_id else connections.low_id end
        join memberships on memberships.person_id = persons.id
        left join network_choices on network_choices.person_id = persons.id
        where (connections.low_id = $1 or connections.high_id = $1) and connections.state = 'held'
            and persons.state = 'confirmed' and persons.age_band = 'adult' and memberships.state = 'active'
            and coalesce(network_choices.known_to, 'connections') = 'connections'
            and memberships.group_id in ($in)
        order by memberships.group_id, persons.name, persons.id";
}
